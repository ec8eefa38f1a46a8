using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace OrleansCache.Metadata.Tests.Reading;

/// <summary>Looks at the attributes of a type or member that matter to its users.</summary>
internal sealed class Attributes(MetadataReader reader, SignatureNames names)
{
    private static readonly Dictionary<string, string> Telling = new(StringComparer.Ordinal)
    {
        ["System.AttributeUsageAttribute"] = "attribute usage",
        ["System.FlagsAttribute"] = "flags",
        ["System.ObsoleteAttribute"] = "obsolete",
        ["System.Diagnostics.CodeAnalysis.ExperimentalAttribute"] = "experimental",
        ["System.Diagnostics.CodeAnalysis.SetsRequiredMembersAttribute"] = "sets required members",
        ["System.Runtime.CompilerServices.RequiredMemberAttribute"] = "required",
        ["System.Runtime.CompilerServices.ExtensionAttribute"] = "extension",
        ["System.Runtime.CompilerServices.IsReadOnlyAttribute"] = "read-only",
        ["System.Runtime.CompilerServices.IsByRefLikeAttribute"] = "by reference only",
    };

    /// <summary>What the compiler puts on every ref struct and every type with required members, for compilers that know neither.</summary>
    private static readonly string[] ForOldCompilers = ["Types with embedded references are not supported", "Constructors of types with required members are not supported"];

    public IEnumerable<KeyValuePair<string, string>> Facts(CustomAttributeHandleCollection handles)
    {
        foreach (var handle in handles)
        {
            var attribute = reader.GetCustomAttribute(handle);
            if (!Telling.TryGetValue(TypeOf(attribute), out var fact))
                continue;
            var value = fact is "obsolete" or "experimental" or "attribute usage" ? Describe(attribute, fact == "obsolete") : "yes";
            if (value.Length > 0)
                yield return new(fact, value);
        }
    }

    public bool Has(CustomAttributeHandleCollection handles, string name) => handles.Any(handle => TypeOf(reader.GetCustomAttribute(handle)) == name);

    private string TypeOf(CustomAttribute attribute) => attribute.Constructor.Kind switch
    {
        HandleKind.MethodDefinition => names.Name(reader, reader.GetMethodDefinition((MethodDefinitionHandle)attribute.Constructor).GetDeclaringType()),
        _ => names.Name(reader, reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent),
    };

    private string Describe(CustomAttribute attribute, bool obsolete)
    {
        var value = attribute.DecodeValue(names);
        if (obsolete)
        {
            // Its words may differ; whether it is an error may not.
            if (value.FixedArguments.FirstOrDefault().Value is string text && ForOldCompilers.Any(text.StartsWith))
                return "";
            return value.FixedArguments.Length > 1 && value.FixedArguments[1].Value is true ? "error" : "warning";
        }

        var named = value.NamedArguments.OrderBy(argument => argument.Name, StringComparer.Ordinal).Where(argument => !IsDefault(argument));
        return string.Join(", ", [.. value.FixedArguments.Select(argument => $"{argument.Value}"), .. named.Select(argument => $"{argument.Name} = {argument.Value}")]);
    }

    /// <summary>What AttributeUsage and its like mean when they say nothing.</summary>
    private static bool IsDefault(CustomAttributeNamedArgument<string> argument) => argument switch
    {
        { Name: "AllowMultiple", Value: false } or { Name: "Inherited", Value: true } or { Name: "UrlFormat" or "Message" } => true,
        _ => false,
    };
}
