import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';

/**
 * Lets a handler's error through as it is. Nest's own filter replaces it with "Internal server error",
 * and then nobody can tell a lost connection from a poison event.
 */
@Catch()
export class EventErrorFilter implements RpcExceptionFilter<unknown> {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}
