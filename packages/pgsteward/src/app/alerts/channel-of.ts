// From a channel's configuration to the channel.

import type { Channel } from '../../notify/channel.ts'
import { email } from '../../notify/email.ts'
import { opsgenie } from '../../notify/opsgenie.ts'
import { pagerduty } from '../../notify/pagerduty.ts'
import { slack } from '../../notify/slack.ts'
import { webhook } from '../../notify/webhook.ts'
import type { ChannelConfig } from './alert-config.ts'

/** `allow`: as `outbound.allow` of the configuration. */
export function channelOf(id: string, config: ChannelConfig, allow: readonly string[] = []): Channel {
  switch (config.type) {
    case 'slack':
      return slack(id, { ...config, allow })
    case 'opsgenie':
      return opsgenie(id, { ...config, allow })
    case 'pagerduty':
      return pagerduty(id, { ...config, allow })
    case 'webhook':
      return webhook(id, { ...config, allow })
    case 'email':
      return email(id, { ...config, allow })
  }
}
