import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { nvidiaModels } from './gpu'

it('reads the models of GPUs from the files of the driver', () => {
  const driver = mkdtempSync(join(tmpdir(), 'loupe-gpu-'))
  const models = ['NVIDIA H100 80GB HBM3', 'NVIDIA H100 80GB HBM3', 'NVIDIA T4']
  for (const [place, model] of models.entries()) {
    mkdirSync(join(driver, `0000:0${place}:06.0`))
    writeFileSync(join(driver, `0000:0${place}:06.0`, 'information'), `Model: \t\t ${model}\nIRQ:   \t\t 41\n`)
  }
  expect(nvidiaModels(driver)).toEqual(['NVIDIA H100 80GB HBM3', 'NVIDIA T4'])
  rmSync(driver, { recursive: true })
  expect(nvidiaModels(driver)).toEqual([])
})
