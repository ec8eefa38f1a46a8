using Microsoft.Extensions.Options;
using OrleansCache.Redis;

namespace OrleansCache.Configuration;

/// <summary>Finds invalid settings of the cache before a silo starts.</summary>
internal sealed class CacheOptionsValidator : IValidateOptions<CacheOptions>
{
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(365);

    // Timers take at most 49 days.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, CacheOptions options) =>
        Problems(options) is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;

    /// <summary>One line for each problem; see <see cref="SettingRules"/>.</summary>
    public static IReadOnlyList<string> Problems(CacheOptions options)
    {
        var rules = new SettingRules();
        rules.Range(options.TimeToLive, Milliseconds(100), LongestLife);
        rules.Range(options.AbsentTimeToLive, Milliseconds(100), LongestLife);
        rules.AtLeast(options.MemoryBudgetBytes, 64 * 1024);
        rules.Range(options.Slots, 1, 4_096);
        rules.Range(options.OwnerBudget, Milliseconds(1), LongestWait);
        rules.Range(options.OwnerPatience, Milliseconds(1), LongestWait);
        rules.Range(options.RingRefresh, Milliseconds(100), LongestWait);
        rules.Range(options.NodeTrial, Milliseconds(50), LongestWait);
        rules.Range(options.StartPatience, TimeSpan.Zero, LongestWait);
        rules.Range(options.Leases.Length, Milliseconds(200), LongestWait);
        rules.Range(options.Leases.Drift, 0, 0.1);
        // A lease that is granted during an edit must not end before the edit goes on.
        rules.Range(options.Leases.EditPatience, Milliseconds(1), options.Leases.Length);
        rules.Range(options.Leases.RenewWhileUsedWithin, TimeSpan.Zero, TimeSpan.FromMinutes(8));
        rules.Range(options.Leases.NearCacheCooldownAfterWrite, TimeSpan.Zero, LongestWait);
        rules.AtLeast(options.Leases.MaxLeasedBooks, 64);
        // Not shown, since it is a secret.
        rules.Check(
            OperatorToken.IsValid(options.OperatorToken), "too short", $"{OperatorToken.MinLength} characters or more", "OperatorToken");
        rules.AddRange(options.Node.Problems().Select(problem => $"{CacheOptions.Section}:Node:{problem}"));
        CheckRegions(rules, options);
        return rules.Problems;
    }

    private static void CheckRegions(SettingRules rules, CacheOptions options)
    {
        rules.Try("Regions", () => options.MapRegions());
        for (var i = 0; i < options.Regions.Count; i++)
        {
            var nodes = options.Regions[i].Nodes;
            rules.Try($"Regions:{i}:Nodes", () => HashRing.Create(0, nodes.Select(node => new RingMember(node.Name, node.Weight))));
            for (var j = 0; j < nodes.Count; j++)
            {
                var node = nodes[j];
                rules.Check(
                    NodeName.IsValid(node.Name),
                    $"\"{node.Name}\"",
                    $"1 to {NodeName.MaxLength} lower case letters, digits and hyphens",
                    $"Regions:{i}:Nodes:{j}:Name");
                rules.Try($"Regions:{i}:Nodes:{j}:Connection", () => NodeFactory.Check(node.Connection));
            }
        }
    }

    private static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);
}
