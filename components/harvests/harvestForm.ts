/** The form of a new harvest: which hooks a model offers, and what the fields hold before anything is typed. */
import type { FormSchema } from '../../lib/base/formSchema'
import type { ListedModel } from '../../lib/models/schema'
import { formFields, type FormField, type Typed } from '../forms/formFields'

/** The fields with the models, and the hooks of the chosen model, to choose from. A target comes after the hook. */
export function harvestFields(
  schema: FormSchema,
  models: readonly ListedModel[],
  { model: modelName, hook }: Typed,
): readonly FormField[] {
  const hooks = models.find(({ name }) => name === modelName)?.hooks.map(({ name }) => name) ?? []
  const choices: Readonly<Record<string, readonly string[]>> = {
    model: models.map(({ name }) => name),
    hook: hooks,
    targetHook: hooks.slice(hooks.indexOf(hook ?? '') + 1),
  }
  return formFields(schema).map((field) => ({ ...field, choices: choices[field.name] ?? field.choices }))
}

/** The typed values with a model and hooks that exist: the first model, and the residual stream halfway up. */
export function completed(models: readonly ListedModel[], typed: Typed): Typed {
  const model = models.find(({ name }) => name === typed['model']) ?? models[0]
  if (!model) return typed
  const has = (hook: string | undefined) => model.hooks.some(({ name }) => name === hook)
  const { targetHook, ...others } = typed
  return {
    ...others,
    model: model.name,
    hook: has(typed['hook']) ? typed['hook']! : halfwayHook(model),
    ...(has(targetHook) && { targetHook: targetHook! }),
  }
}

function halfwayHook({ layers, hooks }: ListedModel): string {
  const name = `blocks.${Math.max(0, Math.ceil(layers / 2) - 1)}.hook_resid_post`
  return hooks.some((hook) => hook.name === name) ? name : (hooks[0]?.name ?? '')
}
