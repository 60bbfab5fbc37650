import { expect, test } from 'vitest'
import { findField, parseGoJson, renderGoJson } from './go-json'
import { parseFields, STRUCTS } from './request-fields'

test.each([
  ['', 'EOF'],
  ['  \n', 'EOF'],
  ['{"a":', 'unexpected EOF'],
  ['"abc', 'unexpected EOF'],
  ['hello', "invalid character 'h' looking for beginning of value"],
  ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":1 2}', "invalid character '2' after object key:value pair"],
  ['[1 2]', "invalid character '2' after array element"],
  ['{"a":tru}', "invalid character '}' in literal true (expecting 'e')"],
  ['"\\x"', "invalid character 'x' in string escape code"],
])('%j is refused in the words of Go', (text, message) => {
  expect(() => parseGoJson(text)).toThrow(new Error(message))
})

test('what JSON.parse reads is read the same', () => {
  const text = '{"a":[1,-2.5e3,true,null,"x\\u00e9\\n🐎"],"b":{},"__proto__":{"c":1}}'
  expect(JSON.stringify(parseGoJson(text))).toBe(JSON.stringify(JSON.parse(text)))
})

test('of keys that differ in case only the last one in the text wins', () => {
  expect(findField(parseGoJson('{"model":1,"MODEL":2,"model":3}') as never, 'model')).toBe(3)
})

test('markup is escaped as Go does', () => {
  expect(renderGoJson({ a: '<b>&' })).toBe('{"a":"\\u003cb\\u003e\\u0026"}')
})

test.each([
  [
    '{"model":3}',
    'json: cannot unmarshal number into Go struct field ChatRequest.model of type string',
  ],
  [
    '{"stream":"x"}',
    'json: cannot unmarshal string into Go struct field ChatRequest.stream of type bool',
  ],
  ['[]', 'json: cannot unmarshal array into Go value of type api.ChatRequest'],
])('%s is refused with the field and its type', (body, message) => {
  expect(() => parseFields(body, STRUCTS.chat)).toThrow(new Error(message))
})
