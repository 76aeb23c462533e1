import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Controller, Get, Inject, Res, StreamableFile } from '@nestjs/common';
import { z } from 'zod';
import type { OpenApiDocument } from '../http/openapi.js';
import { Input, Operation, type InputOf } from '../http/operation.js';
import type { HttpResponse } from '../http/request-state.js';
import { OPENAPI_DOCUMENT } from '../runtime/tokens.js';

const assetFolder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const mediaTypes = {
  'swagger-ui.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
} as const;
const assetInput = {
  params: z.strictObject({ name: z.enum(['swagger-ui.css', 'swagger-ui-bundle.js']) }),
};

/** Only files of this service run on the page; Swagger UI sets inline styles, hence the one exception. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Specie API</title>
    <link rel="stylesheet" href="/docs/assets/swagger-ui.css">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/assets/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const startScript =
  "SwaggerUIBundle({ url: '/docs/openapi.json', dom_id: '#swagger-ui', deepLinking: true });\n";

/** The OpenAPI document, and a page to read and try it. */
@Controller('docs')
export class DocsController {
  private readonly document: OpenApiDocument;

  constructor(@Inject(OPENAPI_DOCUMENT) document: OpenApiDocument) {
    this.document = document;
  }

  @Get('openapi.json')
  @Operation({
    summary: 'This document',
    roles: 'public',
    port: 'management',
    produces: 'application/json',
    hidden: true,
  })
  openapi(): string {
    return JSON.stringify(this.document);
  }

  @Get()
  @Operation({
    summary: 'Documentation page',
    roles: 'public',
    port: 'management',
    produces: 'text/html; charset=utf-8',
    hidden: true,
  })
  show(@Res({ passthrough: true }) response: HttpResponse): string {
    response.setHeader('Content-Security-Policy', contentSecurityPolicy);
    return page;
  }

  @Get('start.js')
  @Operation({
    summary: 'Starts the page',
    roles: 'public',
    port: 'management',
    produces: 'text/javascript',
    hidden: true,
  })
  script(): string {
    return startScript;
  }

  @Get('assets/:name')
  @Operation({
    summary: 'Files of the page',
    roles: 'public',
    port: 'management',
    ...assetInput,
    produces: 'application/octet-stream',
    hidden: true,
  })
  asset(@Input() { params }: InputOf<typeof assetInput>): StreamableFile {
    return new StreamableFile(createReadStream(join(assetFolder, params.name)), {
      type: mediaTypes[params.name],
    });
  }
}
