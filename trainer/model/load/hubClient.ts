/** Requests to the model hub: temporary failures are tried again, others are one clear error. */
import { HubApiError } from '@huggingface/hub'
import { setTimeout as delay } from 'node:timers/promises'
import { LoupeError } from '../../errors'

export interface HubOptions {
  /** Default: `HF_ENDPOINT`, else the public hub. */
  hubUrl?: string
  /** Default: `HF_TOKEN`; needed for private and gated models only. */
  token?: string
  /** Milliseconds before the first retry of a failed request; they double with each retry. */
  retryDelay?: number
}

/** Tries of one request, or of one part of a file from which no byte arrived. */
const TRIES = 5

export class HubClient {
  /** Options of every function of @huggingface/hub. */
  readonly access: { hubUrl?: string; accessToken?: string; fetch: typeof fetch }
  private readonly retryDelay: number

  constructor(
    /** `owner/name`, for messages. */
    private readonly repository: string,
    readonly signal: AbortSignal,
    options: HubOptions,
  ) {
    const hubUrl = options.hubUrl ?? process.env['HF_ENDPOINT']
    const accessToken = options.token ?? process.env['HF_TOKEN']
    if (accessToken !== undefined && !accessToken.startsWith('hf_')) {
      throw new LoupeError('bad-usage', 'the token for the model hub does not start with hf_', {
        remedy: 'set HF_TOKEN to a token of your account on the hub, or unset it',
      })
    }
    this.access = {
      ...(hubUrl !== undefined && { hubUrl: hubUrl.replace(/\/+$/, '') }),
      ...(accessToken !== undefined && { accessToken }),
      fetch: (input, init) => fetch(input, { ...init, signal: init?.signal ?? signal }),
    }
    this.retryDelay = options.retryDelay ?? 500
  }

  /** Runs a request, and again when it failed for a temporary reason. */
  async request<T>(run: () => Promise<T>): Promise<T> {
    for (let failures = 0; ;) {
      try {
        return await run()
      } catch (error) {
        await this.pause((failures += 1), error)
      }
    }
  }

  /** Waits before the next try; throws when there is no next try. */
  async pause(failures: number, error: unknown): Promise<void> {
    if (this.signal.aborted) throw new LoupeError('cancelled', `fetching ${this.repository} was interrupted`)
    if (error instanceof LoupeError) throw error
    const status = error instanceof HubApiError ? error.statusCode : undefined
    const passing = status === undefined || status >= 500 || status === 429 || status === 408
    if (!passing) throw this.refusal(status, error)
    // Full disks and similar failures are not temporary either.
    if (isFileSystemError(error)) throw error
    if (failures >= TRIES) throw this.unreachable(error)
    await delay(this.retryDelay * 2 ** (failures - 1), undefined, { signal: this.signal }).catch(() => undefined)
  }

  private refusal(status: number, cause: unknown): LoupeError {
    if (status === 404) {
      return new LoupeError('not-found', `the model hub has no "${this.repository}" (404)`, {
        remedy: 'check owner, name and revision',
        cause,
      })
    }
    if (status === 401 || status === 403) {
      return new LoupeError('unavailable', `the model hub refuses "${this.repository}" (${status})`, {
        remedy: 'it does not exist, or is private or gated: check the name, accept its terms there, and set HF_TOKEN',
        cause,
      })
    }
    return new LoupeError('unavailable', `the model hub answered ${status} for "${this.repository}"`, { cause })
  }

  private unreachable(cause: unknown): LoupeError {
    return new LoupeError('unavailable', `fetching "${this.repository}" failed ${TRIES} times: ${reason(cause)}`, {
      remedy: 'check the network and run the command again: it continues where it stopped',
      cause,
    })
  }
}

function isFileSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && 'path' in error
}

/** fetch hides why it failed in the cause. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message
}
