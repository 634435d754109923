/** Other tools' names of places in a model as hook names, and back. */

const SITES = { resid_post: 'hook_resid_post', mlp_out: 'hook_mlp_out', attention_out: 'hook_attn_out' } as const

/** `blocks.3.hook_resid_post` for `layers.3`, `h.3`, `layers.3.mlp`, …: sparsify's paths of modules. */
export function hookOfModule(path: string): string | null {
  const [, layer, module] = /^(?:layers|h|blocks)\.(\d+)(?:\.(\w+))?$/.exec(path) ?? []
  if (layer === undefined) return null
  if (module === undefined) return `blocks.${layer}.hook_resid_post`
  if (module === 'mlp') return `blocks.${layer}.hook_mlp_out`
  return /^(self_)?attn$|^attention$/.test(module) ? `blocks.${layer}.hook_attn_out` : null
}

/** For `resid_post_layer_3`: dictionary_learning's submodule names. */
export function hookOfSubmodule(name: string): string | null {
  const [, site = '', layer] = /^(\w+)_layer_(\d+)$/.exec(name) ?? []
  return Object.hasOwn(SITES, site) ? `blocks.${layer}.${SITES[site as keyof typeof SITES]}` : null
}

/** `{ layer: 3, submodule: 'resid_post_layer_3' }` for `blocks.3.hook_resid_post`; nulls for hooks without such a name. */
export function submoduleOfHook(hook: string | null): { layer: number | null; submodule: string | null } {
  const [, layer, place] = /^blocks\.(\d+)\.(.+)$/.exec(hook ?? '') ?? []
  if (layer === undefined) return { layer: null, submodule: null }
  const site = Object.entries(SITES).find(([, hookName]) => hookName === place)?.[0]
  return { layer: Number(layer), submodule: site ? `${site}_layer_${layer}` : null }
}
