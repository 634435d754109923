/** The GPUs of this machine. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The models of this machine's NVIDIA GPUs, each once, with the driver's names; an empty list without a driver. */
export function nvidiaModels(driver = '/proc/driver/nvidia/gpus'): string[] {
  try {
    const descriptions = readdirSync(/* turbopackIgnore: true */ driver).map((gpu) =>
      readFileSync(/* turbopackIgnore: true */ join(driver, gpu, 'information'), 'utf8'),
    )
    return [...new Set(descriptions.map((text) => /^Model:\s*(.*?)\s*$/m.exec(text)?.[1] ?? 'unknown GPU'))]
  } catch {
    return []
  }
}
