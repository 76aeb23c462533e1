import { createReadStream, type ReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Controller, Get, Inject, Redirect, Res } from '@nestjs/common';
import { PLATFORM_CONFIG, type PlatformConfig } from '../settings/config.js';
import { OPENAPI_DOCUMENT, type OpenApiDocument } from '../http/openapi.js';
import { Operation } from '../http/operation.js';
import type { HttpResponse } from '../http/request-state.js';

const assetFolder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const asset = (name: string): ReadStream => createReadStream(join(assetFolder, name));

/** Only files of this service run on the page; Swagger UI sets inline styles, hence the one exception. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Other services are reached where `SERVICE_URLS` says. */
const pageOf = (serviceUrls: PlatformConfig['serviceUrls']): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Specie API</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/docs/assets/swagger-ui.css">
    <style>
      nav { display: flex; flex-wrap: wrap; gap: 1.5em; max-width: 1460px; margin: 1.5em auto 0; padding: 0 20px; font: 16px sans-serif; }
    </style>
  </head>
  <body>
    <nav aria-label="Services">${Object.entries(serviceUrls)
      .map(([name, url]) => `\n      <a href="${escapeHtml(url)}/docs">${name}</a>`)
      .join('')}
    </nav>
    <div id="swagger-ui"></div>
    <script src="/docs/assets/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

const startScript =
  "SwaggerUIBundle({ url: '/docs/openapi.json', dom_id: '#swagger-ui', deepLinking: true });\n";

/** The root is what people try first. */
@Controller()
export class RootController {
  @Get()
  @Redirect('/docs', 302)
  @Operation({
    summary: 'Redirect to the documentation page',
    roles: 'public',
    port: 'management',
    status: 302,
    produces: 'text/plain; charset=utf-8',
    hidden: true,
  })
  toDocs(): undefined {
    return undefined;
  }
}

/** The OpenAPI document, and a page to read and try it. */
@Controller('docs')
export class DocsController {
  private readonly document: OpenApiDocument;
  private readonly page: string;

  constructor(
    @Inject(OPENAPI_DOCUMENT) document: OpenApiDocument,
    @Inject(PLATFORM_CONFIG) config: PlatformConfig,
  ) {
    this.document = document;
    this.page = pageOf(config.serviceUrls);
  }

  @Get('openapi.json')
  @Operation({
    summary: 'Show the OpenAPI document',
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
    summary: 'Show the documentation page',
    roles: 'public',
    port: 'management',
    produces: 'text/html; charset=utf-8',
    hidden: true,
  })
  show(@Res({ passthrough: true }) response: HttpResponse): string {
    response.setHeader('Content-Security-Policy', contentSecurityPolicy);
    return this.page;
  }

  @Get('start.js')
  @Operation({
    summary: 'Load the start script of the page',
    roles: 'public',
    port: 'management',
    produces: 'text/javascript',
    hidden: true,
  })
  script(): string {
    return startScript;
  }

  @Get('assets/swagger-ui.css')
  @Operation({
    summary: 'Load the style sheet of the page',
    roles: 'public',
    port: 'management',
    produces: 'text/css',
    hidden: true,
  })
  style(): ReadStream {
    return asset('swagger-ui.css');
  }

  @Get('assets/swagger-ui-bundle.js')
  @Operation({
    summary: 'Load Swagger UI',
    roles: 'public',
    port: 'management',
    produces: 'text/javascript',
    hidden: true,
  })
  bundle(): ReadStream {
    return asset('swagger-ui-bundle.js');
  }
}
