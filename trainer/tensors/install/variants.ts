/**
 * The builds of libtensorflow that Loupe supports: the wheel for each platform, and the files that Loupe unpacks.
 * Tested on Linux x86-64, and with CUDA on one GPU (bench/RESULTS.md). The other rows follow from the contents of the
 * wheels and have not run yet.
 */
import { arch, platform } from 'node:os'
import { LoupeError } from '../../errors'
import type { WheelSpec } from '../wheel'
import { CUDA_WHEELS } from './cudaWheels'

export const TENSORFLOW_VERSION = '2.21.0'

export interface Variant {
  /** Name of its folder in the cache, e.g. `tensorflow-2.21.0-linux-x64-cpu`. */
  id: string
  wheel: WheelSpec
  /** Shared libraries inside the wheel, and the names that linker and loader search for. */
  libraries: { member: string; links: string[] }[]
  /** CUDA runtime wheels, unpacked to `deps/nvidia`. */
  companions: WheelSpec[]
  /** Links between them, below `deps`. */
  companionLinks: { path: string; target: string }[]
}

const ELF_LIBRARIES = [
  {
    member: 'tensorflow/libtensorflow_cc.so.2',
    links: ['libtensorflow_cc.so.2', 'libtensorflow.so', 'libtensorflow.so.2'],
  },
  {
    member: 'tensorflow/libtensorflow_framework.so.2',
    links: ['libtensorflow_framework.so.2', 'libtensorflow_framework.so'],
  },
]

const MACH_O_LIBRARIES = [
  {
    member: 'tensorflow/libtensorflow_cc.2.dylib',
    links: ['libtensorflow_cc.2.dylib', 'libtensorflow.dylib', 'libtensorflow.2.dylib'],
  },
  {
    member: 'tensorflow/libtensorflow_framework.2.dylib',
    links: ['libtensorflow_framework.2.dylib', 'libtensorflow_framework.dylib'],
  },
]

const wheel = (name: string, tag: string, sha256: string, bytes: number): WheelSpec => ({
  name,
  version: TENSORFLOW_VERSION,
  sha256,
  bytes,
  platform: { python: '3.11', abi: 'cp311', tags: [tag] },
})

const CPU_BUILDS: Record<string, { wheel: WheelSpec; libraries: Variant['libraries'] }> = {
  'linux-x64': {
    wheel: wheel(
      'tensorflow-cpu',
      'manylinux_2_27_x86_64',
      '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
      273_829_956,
    ),
    libraries: ELF_LIBRARIES,
  },
  'linux-arm64': {
    wheel: wheel(
      'tensorflow',
      'manylinux_2_27_aarch64',
      '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
      281_828_020,
    ),
    libraries: ELF_LIBRARIES,
  },
  'darwin-arm64': {
    wheel: wheel(
      'tensorflow',
      'macosx_12_0_arm64',
      '51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88',
      223_405_849,
    ),
    libraries: MACH_O_LIBRARIES,
  },
}

const CUDA_WHEEL = wheel(
  'tensorflow',
  'manylinux_2_27_x86_64',
  '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
  572_440_367,
)

/** TensorFlow opens cuSOLVER from a library that searches the folders of all other parts of CUDA, but not this one. */
const CUSOLVER_LINK = {
  path: 'nvidia/cusparse/lib/libcusolver.so.11',
  target: '../../cusolver/lib/libcusolver.so.11',
}

/** The build for this machine. Throws `unsupported` if no wheel exists; this machine then uses the wasm backend. */
export function variantFor(options: { cuda: boolean }): Variant {
  const machine = `${platform()}-${arch()}`
  if (options.cuda) {
    if (machine !== 'linux-x64') {
      throw new LoupeError('unsupported', `there is no CUDA build of TensorFlow for ${machine}`, {
        remedy: 'run `loupe setup` without --cuda',
      })
    }
    const build = variant(`${machine}-cuda`, CUDA_WHEEL, ELF_LIBRARIES)
    return { ...build, companions: CUDA_WHEELS, companionLinks: [CUSOLVER_LINK] }
  }
  const build = CPU_BUILDS[machine]
  if (!build) {
    throw new LoupeError('unsupported', `there is no TensorFlow build for ${machine}`, {
      remedy: 'Loupe runs on its wasm backend here (--backend wasm), ten to twenty times slower',
    })
  }
  return variant(`${machine}-cpu`, build.wheel, build.libraries)
}

function variant(name: string, spec: WheelSpec, libraries: Variant['libraries']): Variant {
  return { id: `tensorflow-${TENSORFLOW_VERSION}-${name}`, wheel: spec, libraries, companions: [], companionLinks: [] }
}

/** The C headers that the addon is compiled with, as paths below `tensorflow/include` in the wheel. */
export const HEADERS: ReadonlySet<string> = new Set([
  ...['c_api', 'c_api_macros', 'tf_attrtype', 'tf_buffer', 'tf_datatype', 'tf_status', 'tf_tensor', 'tf_tstring'].map(
    (name) => `tensorflow/c/${name}.h`,
  ),
  'tensorflow/c/eager/c_api.h',
  'tensorflow/core/platform/ctstring.h',
  'tensorflow/core/platform/ctstring_internal.h',
  'tsl/platform/ctstring.h',
  'tsl/platform/ctstring_internal.h',
  'xla/tsl/c/tsl_status.h',
])
