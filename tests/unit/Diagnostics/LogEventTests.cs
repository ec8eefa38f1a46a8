using System.Reflection;
using Microsoft.Extensions.Logging;
using OrleansCache.Client;
using OrleansCache.Configuration;
using OrleansCache.Entries;
using OrleansCache.LocalClusters;
using OrleansCache.Silo.Startup;

namespace OrleansCache.Tests.Diagnostics;

public sealed class LogEventTests
{
    private static readonly Assembly[] Product =
    [
        typeof(CacheKey).Assembly, typeof(LeasedEntryTable).Assembly, typeof(CacheOptions).Assembly, typeof(IBookCache).Assembly,
        typeof(Cli.ConsoleProgram).Assembly, typeof(LocalCluster).Assembly, typeof(SiloProgram).Assembly,
    ];

    private static readonly (string Method, int Id)[] Events =
    [
        .. from assembly in Product
           from type in assembly.GetTypes()
           from method in type.GetMethods(
               BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
           let message = method.GetCustomAttribute<LoggerMessageAttribute>()
           where message is not null
           select ($"{type.FullName}.{method.Name}", message.EventId),
    ];

    [Fact]
    public void Every_log_event_has_an_id_and_no_two_events_have_the_same()
    {
        Assert.NotEmpty(Events);
        Assert.DoesNotContain(Events, logEvent => logEvent.Id <= 0);
        var shared = Events.GroupBy(logEvent => logEvent.Id).Where(group => group.Count() > 1).SelectMany(group => group);
        Assert.Equal([], shared.ToArray());
    }
}
