using System.Collections.Frozen;
using System.Reflection;
using OrleansCache.Engine.References;

namespace OrleansCache.Engine.Activation;

/// <summary>The grain classes, interfaces and observers found in the loaded assemblies and those that they reference.</summary>
internal sealed class GrainClasses
{
    private readonly FrozenDictionary<GrainType, GrainClass> _classes;

    private GrainClasses(IEnumerable<Type> types)
    {
        var all = types.ToList();
        var grains = all.Where(type => type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false } && typeof(IGrainBase).IsAssignableFrom(type) && typeof(IGrain).IsAssignableFrom(type));
        _classes = grains.GroupBy(ShortName).SelectMany(Name).ToFrozenDictionary(found => found.GrainType);
        Manifest = new GrainManifest([.. _classes.Values.Select(found => found.Describe())]);
        Interfaces = [.. all.Where(type => type is { IsInterface: true, ContainsGenericParameters: false } && (typeof(IGrain).IsAssignableFrom(type) || typeof(IGrainObserver).IsAssignableFrom(type)) && type.Assembly != typeof(IGrain).Assembly)];
    }

    public GrainManifest Manifest { get; }

    /// <summary>Interfaces of grains and observers.</summary>
    public IReadOnlyList<Type> Interfaces { get; }

    /// <summary>Whether some grains filter their own calls.</summary>
    public bool HaveFilters => _classes.Values.Any(found => typeof(IIncomingGrainCallFilter).IsAssignableFrom(found.Type));

    public IEnumerable<GrainClass> All => _classes.Values;

    public static GrainClasses Discover()
    {
        var api = typeof(IGrain).Assembly.GetName().Name;
        var found = new Dictionary<string, Assembly>();
        var open = new Queue<Assembly>(AppDomain.CurrentDomain.GetAssemblies().Where(assembly => !assembly.IsDynamic));
        while (open.TryDequeue(out var assembly))
        {
            if (!found.TryAdd(assembly.FullName!, assembly)) continue;
            foreach (var name in assembly.GetReferencedAssemblies().Where(name => !found.ContainsKey(name.FullName) && !IsForeign(name.Name!)))
            {
                if (TryLoad(name) is { } referenced) open.Enqueue(referenced);
            }
        }

        return new GrainClasses(found.Values.Where(assembly => assembly.GetReferencedAssemblies().Any(name => name.Name == api)).SelectMany(TypesOf));
    }

    public GrainClass? Find(GrainType type) => _classes.GetValueOrDefault(type);

    private static bool IsForeign(string name) => name is "mscorlib" or "netstandard" || name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal);

    private static Assembly? TryLoad(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException)
        {
            // A reference that was left out of the deployment has no grains.
            return null;
        }
    }

    private static IEnumerable<Type> TypesOf(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException partly)
        {
            return partly.Types.OfType<Type>();
        }
    }

    private static string ShortName(Type type)
    {
        var name = type.Name.ToLowerInvariant();
        return name.Length > 5 && name.EndsWith("grain", StringComparison.Ordinal) ? name[..^5] : name;
    }

    /// <summary>Classes whose short names collide are named in full.</summary>
    private static IEnumerable<GrainClass> Name(IGrouping<string, Type> group) => group.Count() == 1
        ? [new GrainClass(group.Single(), GrainType.Create(group.Key))]
        : group.Select(type => new GrainClass(type, GrainType.Create(type.FullName!.ToLowerInvariant())));
}
