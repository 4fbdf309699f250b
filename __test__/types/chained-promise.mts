// The types of promises, checked by the compiler alone.

import { ChainedPromise, delay, pendingPromises } from 'rs-eventloop'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const check = <_ extends true>() => {}

const like: PromiseLike<number> = ChainedPromise.resolve(1)
const native: Promise<number> = Promise.resolve(like)
const chained = ChainedPromise.resolve(native)
check<Same<typeof chained, ChainedPromise<number>>>()

const mapped = chained.then(
  (value) => `${value}`,
  () => 0,
)
check<Same<typeof mapped, ChainedPromise<string | number>>>()
const caught = chained.catch(() => 'no')
check<Same<typeof caught, ChainedPromise<number | string>>>()
const last = chained.finally(() => {})
check<Same<typeof last, ChainedPromise<number>>>()

const all = ChainedPromise.all([1, Promise.resolve('a'), chained])
check<Same<typeof all, ChainedPromise<[number, string, number]>>>()
const settled = ChainedPromise.allSettled(new Set([chained]))
check<Same<typeof settled, ChainedPromise<PromiseSettledResult<number>[]>>>()
const any = ChainedPromise.any([1, Promise.resolve('a')])
check<Same<typeof any, ChainedPromise<number | string>>>()
const race = ChainedPromise.race([chained])
check<Same<typeof race, ChainedPromise<number>>>()

const { promise, resolve, reject } = ChainedPromise.withResolvers<number>()
resolve(promise)
reject(new Error('no'))
const tried = ChainedPromise.try((text: string) => text.length, 'four')
check<Same<typeof tried, ChainedPromise<number>>>()
const delayed = delay(1, 'value', { ref: false, signal: new AbortController().signal })
check<Same<typeof delayed, ChainedPromise<string>>>()

const state: 'pending' | 'fulfilled' | 'rejected' = promise.state
const value: number | undefined = promise.value
const count: number = pendingPromises()
export const used = [state, value, count, promise.reason]

export async function awaited(): Promise<number> {
  return await chained
}

// @ts-expect-error a promise is made with an executor
new ChainedPromise()
// @ts-expect-error the state cannot be set
promise.state = 'fulfilled'
// @ts-expect-error not a number
resolve('text')
