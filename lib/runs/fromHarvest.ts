/** Settings of a training run that its harvest decides: nobody is asked for them. */
export const FROM_HARVEST: ReadonlySet<string> = new Set(['d_in', 'd_out'])
