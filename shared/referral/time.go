package referral

import "time"

// OutcomeTime is how long an authority that accepted may take until it tells the outcome. The link in its mail is good for longer.
const OutcomeTime = 90 * 24 * time.Hour

// OutcomeDays is after how many working days it is asked for the outcome, once.
const OutcomeDays = 20
