namespace OrleansCache.Engine.Membership;

/// <summary>A silo's word that another one does not answer it.</summary>
/// <param name="Voter">Who says so.</param>
/// <param name="At">When, by the voter's wall clock; it only decides when the vote expires.</param>
internal sealed record DeathVote(SiloAddress Voter, DateTimeOffset At);
