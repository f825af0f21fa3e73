// What abbreviations of time zones mean in PostgreSQL's log: the zone that log_timezone has, written short.

/** Minutes east of Greenwich, as PostgreSQL's own default list has them (src/timezone/tznames/Default). */
const ZONES: Readonly<Record<string, number>> = {
  UTC: 0,
  GMT: 0,
  UCT: 0,
  Z: 0,
  WET: 0,
  WEST: 60,
  BST: 60,
  CET: 60,
  MET: 60,
  CEST: 120,
  MEST: 120,
  EET: 120,
  SAST: 120,
  EEST: 180,
  MSK: 180,
  TRT: 180,
  IST: 330,
  PKT: 300,
  WIB: 420,
  HKT: 480,
  AWST: 480,
  PHT: 480,
  JST: 540,
  KST: 540,
  ACST: 570,
  AEST: 600,
  ACDT: 630,
  AEDT: 660,
  NZST: 720,
  NZDT: 780,
  BRT: -180,
  ART: -180,
  NST: -210,
  NDT: -150,
  AST: -240,
  ADT: -180,
  EST: -300,
  EDT: -240,
  CST: -360,
  CDT: -300,
  MST: -420,
  MDT: -360,
  PST: -480,
  PDT: -420,
  AKST: -540,
  AKDT: -480,
  HST: -600,
}

/** 0 for what is not known. IST is India's and CST Central America's: their namesakes are rarer in logs. */
export function zoneOffsetMinutes(zone: string): number {
  const known = ZONES[zone]
  if (known !== undefined) return known
  const numeric = /^([+-])(\d\d):?(\d\d)?$/.exec(zone)
  if (numeric === null) return 0
  const minutes = Number(numeric[2]) * 60 + Number(numeric[3] ?? 0)
  return numeric[1] === '-' ? -minutes : minutes
}
