using Microsoft.Extensions.Options;
using OrleansCache.Nodes;

namespace OrleansCache.Settings;

/// <summary>Refuses settings that cannot work, each by its name, before a silo starts.</summary>
internal sealed class CacheSettingsValidator : IValidateOptions<CacheSettings>
{
    public ValidateOptionsResult Validate(string? name, CacheSettings settings)
    {
        var problems = new List<string>();
        Check(settings.TimeToLive >= TimeSpan.FromMilliseconds(100), nameof(settings.TimeToLive), settings.TimeToLive, "at least 100 ms");
        Check(settings.AbsentTimeToLive >= TimeSpan.FromMilliseconds(100), nameof(settings.AbsentTimeToLive), settings.AbsentTimeToLive, "at least 100 ms");
        Check(settings.MemoryBudgetBytes >= 64 * 1024, nameof(settings.MemoryBudgetBytes), settings.MemoryBudgetBytes, "at least 65536");
        Check(settings.Slots is >= 1 and <= 4096, nameof(settings.Slots), settings.Slots, "from 1 to 4096");
        Check(settings.OwnerBudget > TimeSpan.Zero, nameof(settings.OwnerBudget), settings.OwnerBudget, "more than zero");
        Check(settings.RingRefresh >= TimeSpan.FromMilliseconds(100), nameof(settings.RingRefresh), settings.RingRefresh, "at least 100 ms");
        Check(settings.NodeTrial >= TimeSpan.FromMilliseconds(50), nameof(settings.NodeTrial), settings.NodeTrial, "at least 50 ms");
        problems.AddRange(settings.Node.Problems().Select(problem => $"{CacheSettings.Section}:Node:{problem}"));
        Try("Regions", () => settings.MapRegions());
        for (var i = 0; i < settings.Regions.Count; i++)
        {
            var region = settings.Regions[i];
            Try($"Regions:{i}:Nodes", () => HashRing.Create(0, region.Nodes.Select(node => new RingMember(node.Name, node.Weight))));
            for (var j = 0; j < region.Nodes.Count; j++)
            {
                var connection = region.Nodes[j].Connection;
                Try($"Regions:{i}:Nodes:{j}:Connection", () => NodeFactory.Check(connection));
            }
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

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
