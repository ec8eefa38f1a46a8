using System.Reflection;

namespace OrleansCache.Engine.References;

/// <summary>What an interface of grains or observers declares.</summary>
internal sealed class InterfaceContract
{
    public InterfaceContract(Type type)
    {
        Type = type;
        Name = NameOf(type);
        Id = unchecked((uint)StableHash.Compute(System.Text.Encoding.UTF8.GetBytes(Name)));
        Methods = [.. type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Where(method => method.IsAbstract).Select(method => new MethodContract(method))];
    }

    public Type Type { get; }

    public string Name { get; }

    /// <summary>The number that stands for the interface on the wire.</summary>
    public uint Id { get; }

    public MethodContract[] Methods { get; }

    /// <summary>The name by which every host of the cluster knows the interface.</summary>
    public static string NameOf(Type type) => type.GetCustomAttribute<AliasAttribute>()?.Alias ?? type.FullName ?? type.Name;

    /// <summary>The interface and those it extends, each of which declares methods of its own.</summary>
    public static IEnumerable<Type> WithParents(Type type) => type.GetInterfaces().Prepend(type).Where(part => typeof(IAddressable).IsAssignableFrom(part));
}
