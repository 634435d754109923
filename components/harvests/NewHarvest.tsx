'use client'

import type { FormSchema } from '../../lib/base/formSchema'
import { harvestCommand } from '../../lib/harvests/command'
import type { HarvestRequest } from '../../lib/harvests/schema'
import type { ListedModel } from '../../lib/models/schema'
import { api, ok } from '../api'
import { missingFields, settingsOf, type Typed } from '../forms/formFields'
import { SettingField } from '../forms/SettingsFields'
import { useForm } from '../forms/useForm'
import { Button } from '../ui/Button'
import { CodeBlock } from '../ui/CodeBlock'
import { Failure, Panel } from '../ui/States'
import { completed, harvestFields } from './harvestForm'

/** The form of a new harvest, made from the schema of the request; typed values are kept in the address. */
export function NewHarvest({
  models,
  schema,
  initial,
}: {
  models: readonly ListedModel[]
  schema: FormSchema
  /** The values in the address. */
  initial: Typed
}) {
  const { typed: asTyped, problems, failure, busy, change, refuse, start } = useForm(() => initial)
  const typed = completed(models, asTyped)
  const fields = harvestFields(schema, models, typed)
  const settings = settingsOf(fields, typed)
  const submit = () => {
    const missing = missingFields(fields, typed)
    if (Object.keys(missing).length > 0) return refuse(missing)
    const send = async () => {
      const { harvest, job } = await ok(api.POST('/api/v1/harvests', { body: settings as HarvestRequest }))
      return job === null ? `/harvests/${harvest}` : `/jobs/${job}`
    }
    void start(
      send,
      fields.map(({ name }) => name),
    )
  }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
      className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(20rem,26rem)]"
    >
      <Panel title="Harvest">
        <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2">
          {fields.map((field) => (
            <SettingField
              key={field.name}
              field={field}
              example={undefined}
              value={typed[field.name] ?? ''}
              problem={problems[field.name]}
              onChange={(value) => change(field.name, value)}
            />
          ))}
        </div>
        <p className="text-ink-soft text-small mt-2">Numbers can be written as 200k or 1.5M.</p>
      </Panel>
      <div className="flex min-w-0 flex-col gap-4 lg:sticky lg:top-15">
        <Panel title="Start">
          <div className="flex flex-col gap-3">
            <p className="text-ink-soft">
              A worker loads the model, reads the corpus and stores the activations at the hook.
            </p>
            {failure && <Failure problem={failure} />}
            <Button type="submit" look="primary" disabled={busy}>
              {busy ? 'Starting…' : 'Start harvest'}
            </Button>
          </div>
        </Panel>
        <Panel title="The same from the command line">
          <CodeBlock label="command" wrap text={harvestCommand(settings)} />
          <p className="text-ink-soft text-small mt-2">There, --corpus also accepts a text file or a folder.</p>
        </Panel>
      </div>
    </form>
  )
}
