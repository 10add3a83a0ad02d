# Reference values for the estimates, from R. Run in the folder of this file:
#   Rscript make_reference.R
# Reads ../km_cohorts.csv and ../kmdata_patients.csv.gz and the lung data of the survival package;
# writes the CSV files beside this file and session.txt. Needs survival and cmprsk.

suppressPackageStartupMessages({library(survival); library(cmprsk)})
options(digits = 15, warn = 1)

cohorts <- read.csv("../km_cohorts.csv")
trials <- read.csv(gzfile("../kmdata_patients.csv.gz"))
toy <- data.frame(
  time = c(1.2, 1.8, 1.9, 2.1, 2.8, 3.4, 3.6, 4.1, 5.5, 5.6,
           6.8, 7.4, 9.2, 11, 13.5, 15.1, 16, 20.2, 22.1, 24),
  event = c(1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 0, 0, 0))

save_csv <- function(rows, name) {
  table <- do.call(rbind, rows)
  number <- vapply(table, is.double, logical(1))
  table[number] <- lapply(table[number], function(x) ifelse(is.na(x), "NA", sprintf("%.15g", x)))
  write.csv(table, name, row.names = FALSE, quote = FALSE, eol = "\n")
}
z <- function(level) qnorm((1 + level) / 2)

# --- Kaplan-Meier limits of all three types, at several levels ------------------------------------
rows <- list()
survival_rows <- function(name, time, event, at) {
  for (type in c("log-log", "log", "plain")) for (level in c(0.8, 0.9, 0.95, 0.99)) {
    fit <- survfit(Surv(time, event) ~ 1, conf.type = type, conf.int = level)
    q <- quantile(fit, 0.5)
    for (t in at[at <= max(time)]) {
      s <- summary(fit, times = t)
      rows[[length(rows) + 1]] <<- data.frame(
        data = name, limits = type, confidence = level, median = q$quantile[[1]],
        median_lower = q$lower[[1]], median_upper = q$upper[[1]], time = t,
        survival = s$surv, lower = s$lower, upper = s$upper)
    }
  }
}
survival_rows("toy", toy$time, toy$event, c(3, 6, 12, 24))
survival_rows("lung", lung$time, lung$status == 2, c(182.625, 365.25, 730.5))
survival_rows("lung male", lung$time[lung$sex == 1], lung$status[lung$sex == 1] == 2, c(182.625, 365.25))
survival_rows("lung female", lung$time[lung$sex == 2], lung$status[lung$sex == 2] == 2, c(182.625, 365.25))
save_csv(rows, "kaplan_meier.csv")

# --- Restricted mean survival time -----------------------------------------------------------------
restricted <- function(time, event, tau) {
  table <- summary(survfit(Surv(time, event) ~ 1), rmean = tau)$table
  c(table[["rmean"]], table[["se(rmean)"]])
}
rows <- list()
for (tau in c(90, 182.625, 365.25, 500, 730.5, 965, 1022)) {
  found <- list(
    all = restricted(lung$time, lung$status == 2, tau),
    male = restricted(lung$time[lung$sex == 1], lung$status[lung$sex == 1] == 2, tau),
    female = if (tau <= 965) restricted(lung$time[lung$sex == 2], lung$status[lung$sex == 2] == 2, tau))
  for (group in names(found)) if (!is.null(found[[group]])) {
    x <- found[[group]]
    rows[[length(rows) + 1]] <- data.frame(
      data = paste("lung", group), tau = tau, estimate = x[1], standard_error = x[2],
      lower = x[1] - z(0.95) * x[2], upper = x[1] + z(0.95) * x[2])
  }
  if (!is.null(found$female)) {
    d <- found$female[1] - found$male[1]; se <- sqrt(found$female[2]^2 + found$male[2]^2)
    rows[[length(rows) + 1]] <- data.frame(
      data = "lung female less male", tau = tau, estimate = d, standard_error = se,
      lower = d - z(0.95) * se, upper = d + z(0.95) * se)
  }
}
for (name in unique(cohorts$cohort)) {
  x <- cohorts[cohorts$cohort == name, ]
  for (tau in c(100, 300)) if (tau > min(x$days) && tau <= max(x$days)) {
    found <- restricted(x$days, x$event, tau)
    rows[[length(rows) + 1]] <- data.frame(
      data = name, tau = tau, estimate = found[1], standard_error = found[2], lower = NA_real_, upper = NA_real_)
  }
}
save_csv(rows, "restricted_mean.csv")

# --- Cumulative incidence --------------------------------------------------------------------------
# The third, sixth, ... patient of a cohort who has the event has the competing one instead.
rows <- list()
for (name in unique(cohorts$cohort)) {
  x <- cohorts[cohorts$cohort == name, ]
  kind <- ifelse(x$event == 0, 0, ifelse(seq_len(nrow(x)) %% 3 == 0, 2, 1))
  if (!all(1:2 %in% kind)) next
  fit <- survfit(Surv(days, factor(kind, 0:2)) ~ 1, data = x, conf.type = "log-log")
  gray <- cuminc(x$days, kind)
  for (t in c(100, 168, 183, 365)) if (t <= max(x$days)) {
    s <- summary(fit, times = t); other <- timepoints(gray, t)
    for (cause in 1:2) rows[[length(rows) + 1]] <- data.frame(
      data = name, cause = cause, time = t, estimate = s$pstate[1, cause + 1],
      standard_error = s$std.err[1, cause + 1],
      lower = s$lower[1, cause + 1], upper = s$upper[1, cause + 1],
      cuminc = other$est[cause, 1], cuminc_variance = other$var[cause, 1])
  }
}
save_csv(rows, "cumulative_incidence.csv")

# --- Two arms: Cox, log-rank, landmarks, medians ---------------------------------------------------
rows <- list()
two_arms <- function(name, own, time, event, arm, at) {
  cox <- summary(coxph(Surv(time, event) ~ arm, ties = "efron",
                       control = coxph.control(eps = 1e-12, toler.chol = 1e-14, iter.max = 100)))
  test <- survdiff(Surv(time, event) ~ arm)
  one <- survfit(Surv(time[arm], event[arm]) ~ 1, conf.type = "log-log")
  two <- survfit(Surv(time[!arm], event[!arm]) ~ 1, conf.type = "log-log")
  s1 <- summary(one, times = at, extend = TRUE); s2 <- summary(two, times = at, extend = TRUE)
  d <- s1$surv - s2$surv; se <- sqrt(s1$std.err^2 + s2$std.err^2)
  m1 <- quantile(one, 0.5); m2 <- quantile(two, 0.5)
  a <- c(m1$quantile[[1]], m1$lower[[1]], m1$upper[[1]])
  b <- c(m2$quantile[[1]], m2$lower[[1]], m2$upper[[1]])
  rows[[length(rows) + 1]] <<- data.frame(
    data = name, arm = own, hazard_ratio = cox$conf.int[1, 1], lower = cox$conf.int[1, 3], upper = cox$conf.int[1, 4],
    log_rank_chi2 = test$chisq, log_rank_p = pchisq(test$chisq, 1, lower.tail = FALSE),
    time = at, difference = d, difference_lower = d - z(0.95) * se, difference_upper = d + z(0.95) * se,
    median_gain = a[1] - b[1],
    median_gain_lower = a[1] - b[1] - sqrt((a[1] - a[2])^2 + (b[3] - b[1])^2),
    median_gain_upper = a[1] - b[1] + sqrt((a[3] - a[1])^2 + (b[1] - b[2])^2))
}
two_arms("lung", "female", lung$time, lung$status == 2, lung$sex == 2, 365.25)
for (name in unique(trials$name)) {
  x <- trials[trials$name == name, ]
  arms <- sort(unique(x$arm), method = "radix")
  at <- min(tapply(x$time, x$arm, max)) / 2
  two_arms(name, arms[2], x$time, x$event, x$arm == arms[2], at)
}
save_csv(rows, "two_arms.csv")

# --- Proportions -----------------------------------------------------------------------------------
rows <- list()
for (n in c(1, 2, 5, 8, 24, 25, 130, 1610)) {
  for (x in unique(round(n * c(0, 0.04, 0.16, 0.3, 0.5, 0.62, 0.9, 1)))) for (level in c(0.8, 0.9, 0.95, 0.99)) {
    exact <- binom.test(x, n, conf.level = level)$conf.int
    score <- suppressWarnings(prop.test(x, n, conf.level = level, correct = FALSE))$conf.int
    tail <- (1 - level) / 2
    rows[[length(rows) + 1]] <- data.frame(
      events = x, n = n, confidence = level,
      clopper_pearson_lower = exact[1], clopper_pearson_upper = exact[2],
      wilson_lower = score[1], wilson_upper = score[2],
      jeffreys_lower = if (x == 0) 0 else qbeta(tail, x + 0.5, n - x + 0.5),
      jeffreys_upper = if (x == n) 1 else qbeta(1 - tail, x + 0.5, n - x + 0.5))
  }
}
save_csv(rows, "proportions.csv")

# --- One common rate -------------------------------------------------------------------------------
# Exact p-values by listing every table with these totals, ordered by chi-square; beside them those
# of fisher.test, which orders the tables by their probability.
chi2_of <- function(x, n) { p <- sum(x) / sum(n); sum((x - n * p)^2 / (n * p * (1 - p))) }
exact_p <- function(x, n) {
  tables <- as.matrix(expand.grid(lapply(n, function(size) 0:size)))
  tables <- tables[rowSums(tables) == sum(x), , drop = FALSE]
  ways <- matrix(lchoose(rep(n, each = nrow(tables)), tables), nrow(tables))
  chance <- exp(rowSums(ways) - lchoose(sum(n), sum(x)))
  statistic <- apply(tables, 1, chi2_of, n = n)
  sum(chance[statistic >= chi2_of(x, n) * (1 - 1e-9)])
}
rows <- list()
tables <- list(
  list(c(3, 1), c(4, 4)), list(c(5, 0, 1), c(8, 10, 6)), list(c(2, 3, 0, 1), c(9, 7, 6, 11)),
  list(c(0, 0, 4), c(5, 5, 8)), list(c(1, 1, 1), c(5, 9, 12)), list(c(6, 2, 1, 0, 3), c(10, 8, 6, 7, 9)),
  list(c(12, 4), c(20, 22)), list(c(60, 45, 80, 20), c(200, 180, 210, 90)),
  list(c(100, 130), c(400, 420)), list(c(30, 41, 12), c(150, 160, 140)))
for (each in tables) {
  x <- each[[1]]; n <- each[[2]]
  test <- suppressWarnings(chisq.test(cbind(x, n - x), correct = FALSE))
  small <- sum(n) <= 60
  rows[[length(rows) + 1]] <- data.frame(
    events = paste(x, collapse = " "), n = paste(n, collapse = " "), chi2 = test$statistic[[1]],
    chi_square_p = test$p.value, exact_p = if (small) exact_p(x, n) else NA_real_,
    fisher_p = fisher.test(cbind(x, n - x), workspace = 2e7)$p.value)
}
save_csv(rows, "one_rate.csv")

writeLines(c(R.version.string, paste("survival", packageVersion("survival")), paste("cmprsk", packageVersion("cmprsk"))),
           "session.txt")
