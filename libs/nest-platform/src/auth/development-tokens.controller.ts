import { Controller, Get, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { Input, Operation, type InputOf } from '../http/operation.js';
import { roleSchema, roles } from './caller.js';
import { DevelopmentIssuer, tokenTtlSecondsMax } from './development-issuer.js';

const tokenInput = {
  body: z.strictObject({
    partyId: z.uuid().max(36),
    roles: z.array(roleSchema).min(1).max(roles.length),
    ttlSeconds: z.int().min(1).max(tokenTtlSecondsMax).optional(),
  }),
};
const tokenResponse = z.strictObject({
  accessToken: z.string(),
  tokenType: z.literal('Bearer'),
  expiresInSeconds: z.int(),
});
const jwksResponse = z.strictObject({ keys: z.array(z.looseObject({ kty: z.string() })) });

/** The built-in issuer. It is part of a service only with AUTH_MODE=development, which production refuses. */
@Controller('dev')
export class DevelopmentTokensController {
  private readonly issuer: DevelopmentIssuer;

  constructor(@Inject(DevelopmentIssuer) issuer: DevelopmentIssuer) {
    this.issuer = issuer;
  }

  @Post('tokens')
  @Operation({
    summary: 'Issue a token (development only)',
    description: 'The token works at every service that runs with AUTH_MODE=development.',
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
    summary: 'Public keys of the development issuer',
    roles: 'public',
    response: jwksResponse,
  })
  async jwks(): Promise<z.output<typeof jwksResponse>> {
    return (await this.issuer.jwks()) as z.output<typeof jwksResponse>;
  }
}
