import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { checkPip } from './doctor'

const python = process.env['PYTHON']

afterEach(() => {
  if (python === undefined) delete process.env['PYTHON']
  else process.env['PYTHON'] = python
})

async function checkWithPip(version: string) {
  const folder = await mkdtemp(join(tmpdir(), 'loupe-doctor-'))
  const interpreter = join(folder, 'python')
  await writeFile(interpreter, `#!/bin/sh\necho "pip ${version} from /usr/lib/pip (python 3.11)"\n`)
  await chmod(interpreter, 0o755)
  process.env['PYTHON'] = interpreter
  const check = await checkPip()
  await rm(folder, { recursive: true })
  return check
}

it('accepts the pip of Debian 12, and names the oldest supported version', async () => {
  expect(await checkWithPip('23.0.1')).toEqual({
    name: 'pip',
    status: 'ok',
    found: 'pip 23.0.1 (the oldest supported is 22.2)',
  })
})

it('warns of an older pip, and says what does not work and what to do', async () => {
  const { status, remedy } = await checkWithPip('20.3.4')
  expect(status).toBe('warn')
  expect(remedy).toContain('package:')
  expect(remedy).toContain('pip install --upgrade pip')
})
