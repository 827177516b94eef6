-- SPDX-License-Identifier: MIT
-- The policy of this machine: which billing accounts there are, who logs in for them, and which
-- callback listeners they should have. thingspace-drift.timer compares it with what is registered;
-- thingspace(1) uses it for all users who have none of their own. See thingspace-policy(5),
-- thingspace-drift(8) and the guide "An hour of an administrator", administration.md.
--
-- It holds no secret and can be read by everybody. As it stands it declares no account: commands
-- work as without a policy, and the units do nothing and say so.

return {
  name = "system",

  -- Any account that a command names, with the credential of its environment, as without a policy.
  -- Without meaning when you declare accounts, and without harm.
  resolve = function(account) return {} end,

  -- Who logs in. Put the four values into the files key, secret, username and password of the folder
  -- credentials beside this file, each owned by root with mode 0600: systemd gives them to the units.
  -- credentials = {
  --   main = {
  --     key = thingspace.secret.credential("thingspace_key"),
  --     secret = thingspace.secret.credential("thingspace_secret"),
  --     username = thingspace.secret.credential("thingspace_username"),
  --     password = thingspace.secret.credential("thingspace_password"),
  --   },
  -- },

  -- The accounts, one a line in accounts.csv, in columns that it names in its first line:
  --
  --   account,credential,tags
  --   0000123456-00001,main,region=eu;tier=gold
  --   0000123456-00002,main,region=us
  --
  -- accounts = thingspace.csv("accounts.csv"),

  -- The listeners that each of them should have.
  -- listeners = function(account, row)
  --   return {
  --     CarrierService = { url = "https://hooks.example.com/{account}/{service}" },
  --     DeviceUsage = { url = "https://hooks.example.com/{account}/{service}" },
  --   }
  -- end,

  -- Hosts whose listeners are yours, also when no account declares them any longer: a plan tells
  -- which are left, and `apply --prune` removes them.
  -- owns = { "https://hooks.example.com/*" },

  -- Every change on record: thingspace-plugins(7).
  -- plugins = { { "audit", options = { file = "/var/log/thingspace/audit.jsonl" } } },
}
