/** The instruction sets of this processor. */
import { readFileSync } from 'node:fs'
import { arch, cpus } from 'node:os'

/** Instruction sets that decide which kernels run, and so the last bits of a result. */
const RELEVANT = ['avx2', 'fma', 'avx512f', 'avx512_vnni', 'avx512_bf16', 'amx_tile', 'amx_bf16', 'amx_int8', 'asimd']

/** The relevant instruction sets of this processor; its model name if the system does not list them. */
export function cpuFeatures(): string[] {
  try {
    const line = /^(flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[2] ?? ''
    const present = new Set(line.trim().split(/\s+/))
    return [arch(), ...RELEVANT.filter((feature) => present.has(feature))]
  } catch {
    return [arch(), cpus()[0]?.model ?? 'unknown processor']
  }
}
