using System.Collections.Immutable;
using System.Net;

namespace OrleansCache.Engine.Membership;

/// <summary>What the membership table says of one silo.</summary>
internal sealed record MemberRow(SiloAddress Silo, string Name, SiloStatus Status, int GatewayPort, DateTimeOffset Started, ImmutableArray<DeathVote> Votes)
{
    /// <summary>Where clients reach the silo; null when it takes none.</summary>
    public IPEndPoint? Gateway => GatewayPort == 0 ? null : new IPEndPoint(Silo.Endpoint.Address, GatewayPort);

    /// <summary>Whether the silo has not left and has not been declared dead.</summary>
    public bool IsAlive => Status is not SiloStatus.Dead;

    /// <summary>Of two things that are known of a silo the later one: a life only goes on, it does not go back.</summary>
    public MemberRow Later(MemberRow other) => other.Status > Status ? other : this;
}
