package country

// The time zone database goes into the program (decision 0105): neither a Lambda's base image nor a laptop is certain
// to have one, and a wrong zone would quietly move deadlines. It is looked at only when the system has none, costs
// about 450 KB of the program, and no time at the start.
import _ "time/tzdata"
