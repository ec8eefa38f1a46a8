using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging;
using OrleansCache.Silo.Startup;
using OrleansCache.TestSupport;
using OrleansCache.Tests.Owners;

namespace OrleansCache.Tests.Silo;

/// <summary>What a silo says about the others.</summary>
public sealed class MembershipLogTests
{
    private static readonly SiloAddress Self = AddressOf(1);

    [Theory]
    [InlineData("europe.1", "Two silos are named europe.1, 127.0.0.1:2 and this one (127.0.0.1:1)")]
    [InlineData("europe.2", null)]
    public async Task A_silo_that_has_the_name_of_this_one_is_warned_of(string name, string? warning)
    {
        var log = new CollectedLog();
        var self = StandIn.For<ILocalSiloDetails>((method, _) => method.Name == "get_Name" ? "europe.1" : Self);
        var membership = StandIn.For<IClusterMembershipService>((_, _) => Updates(
            new(Self, SiloStatus.Active, "europe.1"),
            new(AddressOf(2), SiloStatus.Active, name),
            new(AddressOf(3), SiloStatus.Dead, "europe.1")));
        using var membershipLog = new MembershipLog(membership, self, log.CreateLogger<MembershipLog>());

        await membershipLog.StartAsync(CancellationToken.None);
        await membershipLog.ExecuteTask!;

        if (warning is null)
            Assert.Equal("europe.2 (127.0.0.1:2) is in the cluster", Assert.Single(log.Lines));
        else
            Assert.StartsWith(warning, Assert.Single(log.Warnings), StringComparison.Ordinal);
    }

    private static SiloAddress AddressOf(int port) => SiloAddress.New(IPAddress.Loopback, port, 1);

    private static async IAsyncEnumerable<ClusterMembershipSnapshot> Updates(params ClusterMember[] members)
    {
        await Task.Yield();
        yield return new(members.ToImmutableDictionary(member => member.SiloAddress), new(1));
    }
}
