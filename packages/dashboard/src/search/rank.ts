// The one ranking, of the server: what the page holds stands in one list with what the server finds.

export {
  byRank,
  fitOf,
  fold,
  marksOf,
  type Ranked,
  type Wanted,
  wantedOf,
} from '../../../pgsteward/src/model/search-rank.ts'
