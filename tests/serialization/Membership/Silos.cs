using System.Net;
using Orleans.Runtime;
using OrleansCache.Engine.Membership;

namespace OrleansCache.Engine.Internals.Tests.Membership;

/// <summary>Silos that exist as rows of the table alone.</summary>
internal static class Silos
{
    public static SiloAddress Address(int number) => SiloAddress.New(IPAddress.Loopback, 11_000 + number, number);

    public static MemberRow Row(int number, SiloStatus status = SiloStatus.Active) => new(Address(number), $"europe.{number}", status, 30_000 + number, DateTimeOffset.UnixEpoch, []);

    public static MembershipState State(string table, long version, params MemberRow[] rows) =>
        MembershipState.Empty.Next(rows, int.MaxValue) with { TableId = table, Version = version };
}
