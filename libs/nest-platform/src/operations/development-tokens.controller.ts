import { Controller, Get, Inject, Post } from '@nestjs/common';
import { named } from '@specie/contracts';
import { z } from 'zod';
import { Input, Operation, type InputOf } from '../http/operation.js';
import { roleSchema, roles } from '../auth/caller.js';
import { DevelopmentIssuer, tokenTtlSecondsMax } from '../auth/development-issuer.js';

const tokenInput = {
  body: z.strictObject({
    partyId: named.partyId,
    roles: z
      .array(roleSchema)
      .min(1)
      .max(roles.length)
      .meta({ description: 'The roles of the bearer.', examples: [['compliance-officer']] }),
    ttlSeconds: z
      .int()
      .min(1)
      .max(tokenTtlSecondsMax)
      .meta({
        description: 'The lifetime of the token; an hour by default.',
        examples: [3_600],
      })
      .optional(),
  }),
};
const tokenResponse = z.strictObject({
  accessToken: z.string().meta({
    description: 'Send it as `Authorization: Bearer <token>`.',
    examples: ['eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl'],
  }),
  tokenType: z.literal('Bearer').meta({ description: 'The type of the token.' }),
  expiresInSeconds: z.int().meta({ description: 'The lifetime of the token.', examples: [3_600] }),
});
const jwksResponse = z.strictObject({
  keys: z
    .array(
      z.looseObject({
        kty: z.string().meta({ description: 'The type of key.', examples: ['OKP'] }),
      }),
    )
    .meta({ description: 'JSON Web Keys, RFC 7517.' }),
});

/** The built-in issuer. It is part of a service only with AUTH_MODE=development, which production refuses. */
@Controller('dev')
export class DevelopmentTokensController {
  private readonly issuer: DevelopmentIssuer;

  constructor(@Inject(DevelopmentIssuer) issuer: DevelopmentIssuer) {
    this.issuer = issuer;
  }

  @Post('tokens')
  @Operation({
    summary: 'Issue a development token',
    description: 'Every service that runs with AUTH_MODE=development accepts the token.',
    roles: 'public',
    ...tokenInput,
    response: tokenResponse,
    idempotent: false,
    answeredBy: 'anyone',
  })
  async issue(
    @Input() { body }: InputOf<typeof tokenInput>,
  ): Promise<z.output<typeof tokenResponse>> {
    const ttlSeconds = body.ttlSeconds ?? 3_600;
    const accessToken = await this.issuer.issue({ ...body, ttlSeconds });
    return { accessToken, tokenType: 'Bearer', expiresInSeconds: ttlSeconds };
  }

  @Get('jwks.json')
  @Operation({
    summary: 'Show the public keys of the development issuer',
    description: 'Every service verifies development tokens with these keys.',
    roles: 'public',
    response: jwksResponse,
  })
  async jwks(): Promise<z.output<typeof jwksResponse>> {
    return (await this.issuer.jwks()) as z.output<typeof jwksResponse>;
  }
}
