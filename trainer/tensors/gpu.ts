import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The models of this machine's NVIDIA GPUs, each once, as the driver names them; none where there is no driver. */
export function nvidiaModels(driver = '/proc/driver/nvidia/gpus'): string[] {
  try {
    const found = readdirSync(/* turbopackIgnore: true */ driver).map((gpu) =>
      readFileSync(/* turbopackIgnore: true */ join(driver, gpu, 'information'), 'utf8'),
    )
    return [...new Set(found.map((text) => /^Model:\s*(.*?)\s*$/m.exec(text)?.[1] ?? 'unknown GPU'))]
  } catch {
    return []
  }
}
