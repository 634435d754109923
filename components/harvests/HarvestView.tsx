/** One harvest: what it holds, what it is made from, and the runs trained on it. */
import Link from 'next/link'
import type { ReactNode } from 'react'
import { shellWord } from '../../lib/base/settingsText'
import type { HarvestDetail } from '../../lib/harvests/schema'
import { JobState } from '../jobs/JobState'
import { Status } from '../ui/Badge'
import { CodeBlock } from '../ui/CodeBlock'
import { Definition } from '../ui/Definition'
import { bytes, count, number } from '../ui/format'
import { Empty, Fact, Facts, Panel } from '../ui/States'
import { Time } from '../ui/Time'
import { Engine } from '../ui/Engine'

export function HarvestView({ harvest, command }: { harvest: HarvestDetail; command: string }) {
  return (
    <div className="flex flex-col gap-4">
      <HarvestFacts harvest={harvest} />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-4">
          <Panel title="Holds">
            <Contents harvest={harvest} />
          </Panel>
          <Panel title="Excluded everywhere">
            <Excluded harvest={harvest} />
          </Panel>
          <Panel title="Runs trained on it">
            <Runs harvest={harvest} />
          </Panel>
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <Panel title="Made from">
            <Provenance harvest={harvest} />
          </Panel>
          <Panel title="The command that makes it">
            <CodeBlock label="command" text={command} wrap />
            <p className="text-ink-soft text-small mt-2">
              If the harvest was interrupted, the command continues it. If it is finished, nothing is computed again.
            </p>
          </Panel>
        </div>
      </div>
    </div>
  )
}

function HarvestFacts({ harvest: { status, job, createdAt, finishedAt } }: { harvest: HarvestDetail }) {
  return (
    <Facts>
      <Fact name="state">
        <JobState status={status} hasLiveWorker={job?.hasLiveWorker ?? false} />
      </Fact>
      <Fact name="requested">
        <Time at={createdAt} />
      </Fact>
      {finishedAt && (
        <Fact name="ended">
          <Time at={finishedAt} />
        </Fact>
      )}
      {job && (
        <Fact name="job">
          <Link href={`/jobs/${job.id}`} className="text-accent font-normal underline">
            log and progress
          </Link>
        </Fact>
      )}
    </Facts>
  )
}

function List({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-[max-content_1fr] gap-x-5 gap-y-0.5">{children}</dl>
}

function Row({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-soft">{name}</dt>
      <dd className="min-w-0 font-mono text-small leading-5 break-all">{children}</dd>
    </>
  )
}

function Contents({ harvest }: { harvest: HarvestDetail }) {
  const { tokens, tokensWanted, shards, trainShards, contextSize, dIn, dOut, targetHook, gradients, dtype } = harvest
  return (
    <List>
      <Row name={<Definition term="tokens">Tokens of text, without padding.</Definition>}>
        {count(tokens ?? tokensWanted)}
      </Row>
      <Row name="width (d_in)">{count(dIn)}</Row>
      {targetHook && <Row name="targets">{`${targetHook}, width ${count(dOut)}`}</Row>}
      {gradients && <Row name="gradients">dLoss/dx with every activation</Row>}
      <Row name="context">{count(contextSize)} tokens</Row>
      <Row
        name={
          <Definition term="shards">
            Pieces that are computed, stored and read as a whole. A document is either training or held-out text, never
            both.
          </Definition>
        }
      >
        {tokens === null
          ? 'Counted when the harvest is planned'
          : `${count(shards)}: ${count(trainShards)} training, ${count(shards - trainShards)} held-out`}
      </Row>
      <Row name="stored as">{dtype}</Row>
      <Row name="size on disk">{bytes(harvest.bytes)}</Row>
      <Row name={<Definition term="median norm">Median L2 norm ‖x‖ of the counted activations.</Definition>}>
        {number(harvest.medianNorm, 4)}
      </Row>
    </List>
  )
}

const REASONS: Readonly<Record<string, string>> = {
  padding: 'Positions after the end of a document’s last context. They hold no token.',
  first: 'The first position of each context. It attends only to itself, so its activations are unlike all others.',
  sink: 'Attention sinks: positions with a norm above ten times the median norm.',
}

function Excluded({ harvest: { excluded } }: { harvest: HarvestDetail }) {
  if (!excluded) return <p className="text-ink-soft">Counted when the harvest is finished.</p>
  return (
    <List>
      {Object.entries(excluded).map(([reason, positions]) => (
        <Row key={reason} name={<Definition term={reason}>{REASONS[reason] ?? reason}</Definition>}>
          {count(positions)} positions
        </Row>
      ))}
    </List>
  )
}

function Provenance({ harvest: { model, hook, corpus, seed, engine, provenance } }: { harvest: HarvestDetail }) {
  return (
    <>
      <List>
        <Row name="model">{model.name}</Row>
        <Row name="hook">{hook}</Row>
        <Row name="corpus">
          {corpus.name}
          {corpus.documents !== null && `, ${count(corpus.documents)} documents`}
        </Row>
        <Row name="seed">{seed}</Row>
        <Row name="engine">{engine === null ? '–' : <Engine>{engine}</Engine>}</Row>
        <Row name={<Definition term="weights">sha256 over the model’s weight files.</Definition>}>
          {provenance.weightsHash}
        </Row>
        <Row name={<Definition term="tokenizer">sha256 of the tokenizer.</Definition>}>
          {provenance.tokenizerHash ?? '–'}
        </Row>
        <Row name={<Definition term="documents">sha256 over the documents.</Definition>}>
          {provenance.corpusHash ?? '–'}
        </Row>
      </List>
      <p className="text-ink-soft text-small mt-2">
        A harvest made again from the same things has the same bytes. A harvest of this name made from other things is
        refused.
      </p>
    </>
  )
}

function Runs({ harvest: { runList, status, name } }: { harvest: HarvestDetail }) {
  if (runList.length === 0) {
    const command = `npx loupe train --harvest ${shellWord(name)} --d-sae 4608 --k 32 --tokens 1M`
    return (
      <Empty title="No runs yet" command={command}>
        {status === 'finished' ? 'Use “Train on this”, or a terminal:' : 'Training needs a finished harvest:'}
      </Empty>
    )
  }
  return (
    <ul className="divide-y">
      {runList.map(({ id, name: run, status: state, createdAt }) => (
        <li key={id} className="flex flex-wrap items-baseline gap-x-3 py-1">
          <Link
            href={`/runs/${id}`}
            className="text-accent min-w-0 flex-1 font-mono text-small break-all hover:underline"
          >
            {run}
          </Link>
          <Status of={state} />
          <Time at={createdAt} />
        </li>
      ))}
    </ul>
  )
}
