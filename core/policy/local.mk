policy_sources =
