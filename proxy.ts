/** Checks the origin of a request before every page, as the API does before every route. */
import { NextResponse, type NextRequest } from 'next/server'
import { checkAccess } from './lib/api/access'
import { LoupeError } from './trainer/errors'

export function proxy(request: NextRequest): NextResponse {
  try {
    checkAccess(request.headers)
    return NextResponse.next()
  } catch (error) {
    if (!(error instanceof LoupeError)) throw error
    return new NextResponse(`${error.message}\n${error.remedy ?? ''}\n`, { status: error.status })
  }
}

/** The API does this check itself, and answers in JSON. */
export const config = { matcher: '/((?!api/).*)' }
