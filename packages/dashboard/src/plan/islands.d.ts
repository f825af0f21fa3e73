// What the compiler does not know of: PEV2 as a component, and style sheets as text.

declare module 'pev2' {
  import type { Component } from 'vue'
  export const Plan: Component
}
