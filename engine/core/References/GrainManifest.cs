namespace OrleansCache.Engine.References;

/// <summary>The cluster's grain classes as the hosts tell each other.</summary>
internal sealed class GrainManifest(IReadOnlyList<GrainManifest.Entry> entries) : IGrainManifest
{
    private readonly ILookup<string, Entry> _byInterface = entries.SelectMany(entry => entry.Interfaces.Select(name => (name, entry))).ToLookup(pair => pair.name, pair => pair.entry);

    public IReadOnlyList<Entry> Entries => entries;

    public GrainType GrainTypeOf(string interfaceName, string? classNamePrefix)
    {
        var found = _byInterface[interfaceName].Where(entry => classNamePrefix is null || entry.ClassName.StartsWith(classNamePrefix, StringComparison.Ordinal)).ToList();
        return found switch
        {
            [var only] => GrainType.Create(only.GrainType),
            [] => throw new ArgumentException($"No grain class implements {interfaceName}{(classNamePrefix is null ? "" : $" and begins with '{classNamePrefix}'")}. Reference the assembly that has it from the silos."),
            _ => throw new ArgumentException($"{interfaceName} is implemented by {string.Join(" and ", found.Select(entry => entry.ClassName))}. Pick one with grainClassNamePrefix."),
        };
    }

    internal sealed record Entry(string GrainType, string ClassName, IReadOnlyList<string> Interfaces);
}
