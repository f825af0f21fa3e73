// From a channel's configuration to the channel.

import type { Channel } from '../../notify/channel.ts'
import { email } from '../../notify/email.ts'
import { opsgenie } from '../../notify/opsgenie.ts'
import { pagerduty } from '../../notify/pagerduty.ts'
import { slack } from '../../notify/slack.ts'
import { webhook } from '../../notify/webhook.ts'
import type { ChannelConfig } from './alert-config.ts'

export function channelOf(id: string, config: ChannelConfig): Channel {
  switch (config.type) {
    case 'slack':
      return slack(id, config)
    case 'opsgenie':
      return opsgenie(id, config)
    case 'pagerduty':
      return pagerduty(id, config)
    case 'webhook':
      return webhook(id, config)
    case 'email':
      return email(id, config)
  }
}
