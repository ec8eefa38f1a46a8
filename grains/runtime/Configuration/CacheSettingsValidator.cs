using Microsoft.Extensions.Options;
using OrleansCache.Redis;

namespace OrleansCache.Configuration;

/// <summary>Refuses settings that cannot work, each by its name, before a silo starts.</summary>
internal sealed class CacheSettingsValidator : IValidateOptions<CacheSettings>
{
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(365);

    // Timers take no more than some weeks.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, CacheSettings settings)
    {
        var problems = new List<string>();
        CheckTime(nameof(settings.TimeToLive), settings.TimeToLive, 100, LongestLife);
        CheckTime(nameof(settings.AbsentTimeToLive), settings.AbsentTimeToLive, 100, LongestLife);
        Check(settings.MemoryBudgetBytes >= 64 * 1024, nameof(settings.MemoryBudgetBytes), settings.MemoryBudgetBytes, "at least 65536");
        Check(settings.Slots is >= 1 and <= 4096, nameof(settings.Slots), settings.Slots, "from 1 to 4096");
        CheckTime(nameof(settings.OwnerBudget), settings.OwnerBudget, 1, LongestWait);
        CheckTime(nameof(settings.OwnerPatience), settings.OwnerPatience, 1, LongestWait);
        CheckTime(nameof(settings.RingRefresh), settings.RingRefresh, 100, LongestWait);
        CheckTime(nameof(settings.NodeTrial), settings.NodeTrial, 50, LongestWait);
        CheckTime(nameof(settings.StartPatience), settings.StartPatience, 0, LongestWait);
        CheckTime("Leases:Length", settings.Leases.Length, 200, LongestWait);
        Check(settings.Leases.Drift is >= 0 and <= 0.1, "Leases:Drift", settings.Leases.Drift, "from 0 to 0.1");
        CheckTime("Leases:EditPatience", settings.Leases.EditPatience, 1, settings.Leases.Length);
        CheckTime("Leases:RenewWhileUsedWithin", settings.Leases.RenewWhileUsedWithin, 0, TimeSpan.FromMinutes(8));
        Check(settings.Leases.MaxRenewalsPerSecond >= 0, "Leases:MaxRenewalsPerSecond", settings.Leases.MaxRenewalsPerSecond, "0 or more");
        CheckTime("Leases:NearCacheCooldownAfterWrite", settings.Leases.NearCacheCooldownAfterWrite, 0, LongestWait);
        Check(settings.Leases.MaxLeasedBooks >= 64, "Leases:MaxLeasedBooks", settings.Leases.MaxLeasedBooks, "at least 64");
        problems.AddRange(settings.Node.Problems().Select(problem => $"{CacheSettings.Section}:Node:{problem}"));
        Try("Regions", () => settings.MapRegions());
        for (var i = 0; i < settings.Regions.Count; i++)
        {
            var region = settings.Regions[i];
            Try($"Regions:{i}:Nodes", () => HashRing.Create(0, region.Nodes.Select(node => new RingMember(node.Name, node.Weight))));
            for (var j = 0; j < region.Nodes.Count; j++)
            {
                var (node, connection) = (region.Nodes[j].Name, region.Nodes[j].Connection);
                if (!NodeName.IsValid(node))
                    problems.Add($"{CacheSettings.Section}:Regions:{i}:Nodes:{j}:Name is \"{node}\"; use lower case letters, digits and hyphens, 1 to {NodeName.MaxLength} characters.");
                Try($"Regions:{i}:Nodes:{j}:Connection", () => NodeFactory.Check(connection));
            }
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void CheckTime(string setting, TimeSpan value, int leastMilliseconds, TimeSpan most) =>
            Check(value >= TimeSpan.FromMilliseconds(leastMilliseconds) && value <= most, setting, value, $"at least {leastMilliseconds} ms and at most {most}");

        void Check(bool holds, string setting, object value, string rule)
        {
            if (!holds)
                problems.Add($"{CacheSettings.Section}:{setting} is {value}; it must be {rule}.");
        }

        void Try(string setting, Action check)
        {
            try
            {
                check();
            }
            catch (InvalidTopologyException error)
            {
                problems.Add($"{CacheSettings.Section}:{setting}: {error.Message}");
            }
        }
    }
}
