/** Class names of menus. */
export const MENU = 'bg-raised shadow-float animate-fade z-50 min-w-48 max-w-[92vw] rounded border p-1'
export const MENU_ITEM =
  'data-[highlighted]:bg-accent-soft data-[highlighted]:text-accent block cursor-pointer rounded px-2 py-1 outline-none'
