import { type CapacityPlanWire } from '../../src/model/capacity.ts'
export declare const PLAN_NOW: Date
/** 100 GB and 0.5 more a day; 200 queries a second, 6 connections at work of pools of 20, a sequence at 0.8. */
export declare function madePlan(days?: number): CapacityPlanWire
