/** Short names of engines. The fingerprint stays what is stored and compared. */

/** `tensorflow 2.21.0 cpu (x64+avx2+fma, 8 threads)`, alone or after `reference on`. */
const TENSORFLOW = /^(reference on )?tensorflow (\S+) (cpu|cuda) \(/
const DEVICES = { cpu: 'CPU', cuda: 'GPU' }

/**
 * The library and the device, without instruction sets and threads: `TensorFlow 2.21.0 · CPU`. Other fingerprints are
 * short and stay as they are.
 */
export function engineName(fingerprint: string): string {
  const [, reference = '', version, device] = TENSORFLOW.exec(fingerprint) ?? []
  if (device !== 'cpu' && device !== 'cuda') return fingerprint
  return `${reference}TensorFlow ${version} · ${DEVICES[device]}`
}
