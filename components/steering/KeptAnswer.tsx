'use client'

import { Play, Square } from 'lucide-react'
import type { Generation, SteeringAnswer } from '../../lib/steering/schema'
import { Button } from '../ui/Button'
import { Fact, Facts, Failure, Panel } from '../ui/States'
import { Time } from '../ui/Time'
import { number } from '../ui/format'
import { Answers } from './Answers'
import { CodeMenu } from './CodeMenu'
import { compareAnswers } from './compare'
import { EditList } from './EditList'
import { statusOf } from './status'
import { isBusy, useSteering } from './useSteering'
import { Engine } from '../ui/Engine'

/** A kept answer. It can be computed again and compared. */
export function KeptAnswer({ initial }: { initial: Generation }) {
  const { intervention, answer, createdAt } = initial
  const again = useSteering()
  const { model, prompt, chat, edits, sampling } = intervention
  const busy = isBusy(again)
  return (
    <div className="flex flex-col gap-4">
      <Facts>
        <Fact name="kept">
          <Time at={createdAt} />
        </Fact>
        <Fact name="model">{model}</Fact>
        <Fact name="seed">{sampling.seed}</Fact>
        <Fact name="temperature">{number(sampling.temperature)}</Fact>
        <Fact name="top-p">{number(sampling.topP)}</Fact>
        <Fact name="token limit">{sampling.maxTokens}</Fact>
        <Fact name="engine">
          <Engine>{answer.engine}</Engine>
        </Fact>
      </Facts>
      <Panel title="Edits" actions={<CodeMenu intervention={intervention} />}>
        <EditList edits={edits} />
      </Panel>
      <Panel title={chat ? 'Chat' : 'Prompt'}>
        <div className="font-reading text-reading break-words whitespace-pre-wrap">
          {chat
            ? chat.map(({ role, content }, at) => (
                <p key={at}>
                  <span className="text-ink-soft text-small font-sans">{role}</span> {content}
                </p>
              ))
            : prompt}
        </div>
      </Panel>
      <Panel title="Output">
        <Answers answers={answer.answers} busy={false} />
      </Panel>
      <Panel
        title="Run again"
        actions={
          <>
            <p role="status" className="text-ink-soft text-small">
              {statusOf(again)}
            </p>
            {busy ? (
              <Button look="danger" onClick={again.stop}>
                <Square aria-hidden className="size-3.5" /> Stop
              </Button>
            ) : (
              <Button look="primary" onClick={() => again.run(intervention)}>
                <Play aria-hidden className="size-3.5" /> Run again
              </Button>
            )}
          </>
        }
      >
        <div className="flex flex-col gap-3">
          {again.problem && <Failure problem={again.problem} />}
          {again.phase === 'finished' && again.answer ? (
            <Verdict kept={answer} again={again.answer} />
          ) : (
            <p className="text-ink-soft">Runs the same intervention again and compares every token.</p>
          )}
          {again.answer && <Answers answers={again.answer.answers} busy={busy} />}
        </div>
      </Panel>
    </div>
  )
}

function Verdict({ kept, again }: { kept: SteeringAnswer; again: Parameters<typeof compareAnswers>[1] }) {
  const differing = compareAnswers(kept, again)
  const engines = kept.engine !== again.engine && ` It ran on ${again.engine}, the kept answer on ${kept.engine}.`
  if (differing.length === 0)
    return <p className="text-accent font-medium break-words">The same, token for token.{engines}</p>
  return (
    <p className="text-contrary font-medium break-words">
      Different: {differing.map(({ branch, at }) => `${branch} from token ${at + 1} on`).join(', ')}.{engines}
    </p>
  )
}
