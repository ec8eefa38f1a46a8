using System.Buffers;
using System.Reflection;
using Orleans;

namespace OrleansCache.Engine.Serialization;

/// <summary>
/// The names that types have on the wire: the <c>[Alias]</c>, else the full name; type arguments and <c>[]</c> behind it. Only types
/// that are meant to be sent have one, so that a message can make nothing else come to life.
/// </summary>
internal sealed class TypeNames
{
    public const int MaxLength = 2048;
    private const int MaxNesting = 8;
    private static readonly SearchValues<char> Separators = SearchValues.Create("[],");

    private readonly Assembly _engine = typeof(GenerateSerializerAttribute).Assembly;
    private readonly HashSet<Type> _builtIn;
    private readonly Lock _scan = new();
    private volatile Known _known;

    /// <param name="builtIn">Types and generic definitions that need no attribute.</param>
    public TypeNames(IEnumerable<Type> builtIn)
    {
        _builtIn = [.. builtIn];
        _known = new Known(0, _builtIn.ToDictionary(t => t.FullName!, t => (Type?)t));
    }

    /// <summary>The name, or null when the type (or one that it is made of) is not meant to be sent.</summary>
    public string? NameOf(Type type)
    {
        if (type.IsSZArray)
            return NameOf(type.GetElementType()!) is { } element ? $"{element}[]" : null;
        if (!type.IsConstructedGenericType)
            return DefinitionNameOf(type);
        if (DefinitionNameOf(type.GetGenericTypeDefinition()) is not { } definition)
            return null;
        var arguments = type.GenericTypeArguments.Select(NameOf).ToArray();
        return arguments.Contains(null) ? null : $"{definition}[{string.Join(',', arguments)}]";
    }

    /// <summary>The type of this name, or null.</summary>
    public Type? Find(string name)
    {
        var rest = name.AsSpan();
        try
        {
            return Parse(ref rest, MaxNesting) is { } type && rest.IsEmpty ? type : null;
        }
        catch (ArgumentException)
        {
            // The type arguments break the generic type's constraints: there is no such type.
            return null;
        }
    }

    /// <summary>Whether exceptions of this type are sent although they have no attribute: those of the framework.</summary>
    public static bool IsFrameworkException(Type type) =>
        type.IsAssignableTo(typeof(Exception)) && !type.IsGenericType && type.Namespace is { } ns
        && (ns.StartsWith("System", StringComparison.Ordinal) || ns.StartsWith("Microsoft", StringComparison.Ordinal) || ns.StartsWith("Azure", StringComparison.Ordinal));

    private static string PlainNameOf(Type definition)
    {
        var alias = definition.GetCustomAttributes<AliasAttribute>(inherit: false).FirstOrDefault()?.Alias;
        return alias is null || alias.AsSpan().IndexOfAny(Separators) >= 0 ? definition.FullName! : alias;
    }

    private string? DefinitionNameOf(Type definition)
    {
        if (_builtIn.Contains(definition))
            return definition.FullName;
        if (definition.IsDefined(typeof(GenerateSerializerAttribute), inherit: false))
            return PlainNameOf(definition);
        return IsFrameworkException(definition) ? definition.FullName : null;
    }

    private Type? Parse(ref ReadOnlySpan<char> rest, int nesting)
    {
        if (nesting == 0)
            return null;
        var end = rest.IndexOfAny(Separators);
        var name = (end < 0 ? rest : rest[..end]).ToString();
        rest = rest[name.Length..];
        if (FindDefinition(name) is not { } type)
            return null;

        if (type.IsGenericTypeDefinition)
        {
            var arguments = new Type[type.GetGenericArguments().Length];
            for (var i = 0; i < arguments.Length; i++)
            {
                if (rest.IsEmpty || rest[0] != (i == 0 ? '[' : ','))
                    return null;
                rest = rest[1..];
                if (Parse(ref rest, nesting - 1) is not { } argument)
                    return null;
                arguments[i] = argument;
            }

            if (rest.IsEmpty || rest[0] != ']')
                return null;
            rest = rest[1..];
            type = type.MakeGenericType(arguments);
        }

        for (; rest.StartsWith("[]"); rest = rest[2..])
        {
            if (--nesting == 0)
                return null;
            type = type.MakeArrayType();
        }

        return type;
    }

    private Type? FindDefinition(string name)
    {
        var known = _known;
        if (known.Types.TryGetValue(name, out var type))
            return type;

        // Assemblies are loaded when they are first used, so a name may become known later.
        var assemblies = AppDomain.CurrentDomain.GetAssemblies();
        if (assemblies.Length != known.Assemblies)
            known = Scan(assemblies);
        return known.Types.TryGetValue(name, out type) ? type : FindFrameworkException(name, assemblies);
    }

    private static Type? FindFrameworkException(string name, Assembly[] assemblies) => name.EndsWith("Exception", StringComparison.Ordinal)
        ? assemblies.Where(a => !a.IsDynamic).Select(a => a.GetType(name)).FirstOrDefault(t => t is not null && IsFrameworkException(t))
        : null;

    private Known Scan(Assembly[] assemblies)
    {
        lock (_scan)
        {
            if (_known.Assemblies == assemblies.Length)
                return _known;
            var types = _builtIn.ToDictionary(t => t.FullName!, t => (Type?)t);
            foreach (var type in assemblies.Where(UsesEngine).SelectMany(TypesOf).Where(t => t.IsDefined(typeof(GenerateSerializerAttribute), inherit: false)))
            {
                // A name that two types have is nobody's.
                if (!types.TryAdd(PlainNameOf(type), type))
                    types[PlainNameOf(type)] = null;
            }

            return _known = new Known(assemblies.Length, types);
        }
    }

    private bool UsesEngine(Assembly assembly) =>
        !assembly.IsDynamic && (assembly == _engine || assembly.GetReferencedAssemblies().Any(a => a.Name == _engine.GetName().Name));

    private static IEnumerable<Type> TypesOf(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException e)
        {
            return e.Types.OfType<Type>();
        }
    }

    private sealed record Known(int Assemblies, Dictionary<string, Type?> Types);
}
