import { describe, expect, it } from 'vitest';
import { refusalText } from './refusals.js';

describe('What is said of a refusal', () => {
  const text = ['The order needs {needed}.', 'Of it {available} is there.', 'Deposit cash.'];

  it('is filled with what the refusal rests on', () => {
    expect(refusalText(text, { needed: '12.5', available: 3 }).detail).toBe(
      'The order needs 12.5. Of it 3 is there. Deposit cash.',
    );
  });

  it('leaves out what nobody knows', () => {
    expect(refusalText(text, { needed: '12.5' }).detail).toBe(
      'The order needs 12.5. Deposit cash.',
    );
    expect(refusalText(['{constructor} {needed}.', 'Deposit cash.'], {}).detail).toBe(
      'Deposit cash.',
    );
    expect(refusalText([], {}).detail).toBeUndefined();
  });

  it('names fields where all that is said of them is known', () => {
    const violations = [{ path: 'body.{field}', code: 'too_much', message: 'It is {quantity}.' }];
    const said = (details: Readonly<Record<string, string>>) =>
      refusalText({ detail: ['Ask for less.'], violations }, details).violations;
    expect(said({ field: 'shares', quantity: '7' })).toEqual([
      { path: 'body.shares', code: 'too_much', message: 'It is 7.' },
    ]);
    expect(said({ field: 'shares' })).toEqual([]);
  });

  it('gives a field the code that the refusal rests on', () => {
    const violations = [{ path: 'params.orderId', code: '{reason}', message: 'This is why.' }];
    const said = (details: Readonly<Record<string, string>>) =>
      refusalText({ detail: ['It was refused.'], violations }, details).violations;
    expect(said({ reason: 'insufficient_cash' })).toMatchObject([{ code: 'insufficient_cash' }]);
    expect(said({})).toEqual([]);
  });

  it('names every item of a list', () => {
    const violations = [
      { each: 'places', path: 'body.records.{item}', code: 'late', message: 'It is late.' },
    ];
    const said = refusalText({ detail: ['Be early.'], violations }, { places: '0, 3' });
    expect(said.violations.map(({ path }) => path)).toEqual(['body.records.0', 'body.records.3']);
    expect(refusalText({ detail: ['Be early.'], violations }, {}).violations).toEqual([]);
  });
});
