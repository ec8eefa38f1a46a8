using System.Reflection;
using System.Reflection.Metadata;
using OrleansCache.Metadata.Tests.Model;

namespace OrleansCache.Metadata.Tests.Reading;

/// <summary>Reads a type.</summary>
internal sealed class TypeReading(MetadataReader reader, SignatureNames names)
{
    private readonly Attributes _attributes = new(reader, names);

    public ApiType Read(TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        var baseName = names.Name(reader, type.BaseType);
        var kind = KindOf(type, baseName);
        var facts = new SortedDictionary<string, string>(_attributes.Facts(type.GetCustomAttributes()).ToDictionary(), StringComparer.Ordinal)
        {
            ["modifiers"] = Modifiers(type, kind),
            ["type parameters"] = new GenericReading(reader, names).Describe(type.GetGenericParameters()),
        };
        // The compiler marks the static class of an extension method as well; only the method matters.
        facts.Remove("extension");
        facts.Remove("required");
        return new ApiType(
            names.GetTypeFromDefinition(reader, handle, 0), kind, kind == "class" ? baseName : "", Interfaces(type), facts, [.. new MemberReading(reader, names).Read(type)]);
    }

    private static string KindOf(TypeDefinition type, string baseName) =>
        (type.Attributes & TypeAttributes.Interface) != 0 ? "interface" : baseName switch
        {
            "System.Enum" => "enum",
            "System.ValueType" => "struct",
            "System.MulticastDelegate" => "delegate",
            _ => "class",
        };

    private static string Modifiers(TypeDefinition type, string kind)
    {
        if (kind != "class")
            return "";
        var isAbstract = (type.Attributes & TypeAttributes.Abstract) != 0;
        var isSealed = (type.Attributes & TypeAttributes.Sealed) != 0;
        return (isAbstract, isSealed) switch
        {
            (true, true) => "static",
            (true, false) => "abstract",
            (false, true) => "sealed",
            _ => "",
        };
    }

    private HashSet<string> Interfaces(TypeDefinition type) =>
    [
        .. from handle in type.GetInterfaceImplementations()
           let implemented = reader.GetInterfaceImplementation(handle).Interface
           where implemented.Kind != HandleKind.TypeDefinition || Visibility.IsVisible(reader.GetTypeDefinition((TypeDefinitionHandle)implemented).Attributes)
           select names.Name(reader, implemented),
    ];
}
