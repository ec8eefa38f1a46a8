namespace OrleansCache.Configuration;

/// <summary>A region in the configuration.</summary>
public sealed class RegionSettings
{
    /// <summary>Lower case letters, digits and hyphens; 1 to 32 characters.</summary>
    public string Name { get; set; } = "";

    /// <summary>The regions that answer when this one cannot, in order.</summary>
    public IList<string> Fallback { get; set; } = [];

    /// <summary>The region's nodes, until an operator changes them at run time.</summary>
    public IList<NodeDefinitionSettings> Nodes { get; set; } = [];
}
