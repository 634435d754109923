import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { NoStatistics } from '../../../../../components/dictionaries/NoStatistics'
import { FeatureActions } from '../../../../../components/features/FeatureActions'
import { FeatureFacts } from '../../../../../components/features/FeatureFacts'
import { FeatureNav } from '../../../../../components/features/FeatureNav'
import { FeatureView } from '../../../../../components/features/FeatureView'
import { LabelTitle } from '../../../../../components/features/LabelTitle'
import { Page } from '../../../../../components/shell/Page'
import { statisticsChoice } from '../../../../../lib/catalog/pages'
import { webDatabase } from '../../../../../lib/web/resources'
import { dictionaryCrumbs, loadDictionary, loadFeature } from '../../../load'

interface Props {
  params: Promise<{ id: string; index: string }>
}

async function load({ params }: Props) {
  const { id, index } = await params
  if (!/^\d{1,9}$/.test(index)) notFound()
  const dictionary = await loadDictionary(id)
  return { dictionary, index: Number(index), page: await loadFeature(dictionary.row, Number(index)) }
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const { dictionary, index, page } = await load(props)
  return { title: `#${index}${page?.label ? ` ${page.label.text}` : ''} · ${dictionary.row.name}` }
}

export default async function FeatureOfDictionary(props: Props) {
  const { dictionary, index, page } = await load(props)
  const { id } = dictionary.row
  const crumbs = dictionaryCrumbs(dictionary, [{ text: `#${index}`, mono: true }])
  if (!page) {
    const { jobs, hasModel, harvests } = await statisticsChoice(webDatabase(), dictionary.row)
    return (
      <Page crumbs={crumbs} title={`#${index}`}>
        <NoStatistics dictionary={dictionary.row} running={jobs.statistics} hasModel={hasModel} harvests={harvests} />
      </Page>
    )
  }
  return (
    <Page
      crumbs={crumbs}
      title={
        <LabelTitle
          key={index}
          dictionary={id}
          feature={index}
          label={page.label?.text ?? null}
          history={page.labelHistory}
        />
      }
      actions={
        <>
          <FeatureNav dictionary={id} previous={page.previous} next={page.next} />
          <FeatureActions dictionary={id} feature={index} />
        </>
      }
    >
      <div className="mb-4">
        <FeatureFacts page={page} />
      </div>
      <FeatureView dictionary={id} page={page} />
    </Page>
  )
}
