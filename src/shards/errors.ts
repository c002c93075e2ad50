import { FacesieveError } from '../core/errors.js';

/** What a task needs is not there yet, or not on this machine: the same task may succeed later or elsewhere. Exit code 75. */
export class NotYetError extends FacesieveError {}

/** A part of the exchange folder that is damaged, cut short, or of another plan: trying again changes nothing. */
export class PartError extends FacesieveError {}

/** A plan that this program, this folder or this source does not fit. */
export class PlanError extends FacesieveError {}
