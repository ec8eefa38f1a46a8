using System.Reflection;
using System.Reflection.Metadata;
using OrleansCache.Metadata.Tests.Model;

namespace OrleansCache.Metadata.Tests.Reading;

/// <summary>Reads the visible members of a type. Accessors are read with their property or event.</summary>
internal sealed class MemberReading(MetadataReader reader, SignatureNames names)
{
    private readonly Attributes _attributes = new(reader, names);
    private readonly GenericReading _generics = new(reader, names);
    private readonly ParameterReading _parameters = new(reader, names);

    public IEnumerable<ApiMember> Read(TypeDefinition type)
    {
        var accessors = new HashSet<MethodDefinitionHandle>();
        foreach (var handle in type.GetProperties())
        {
            var (getter, setter) = reader.GetPropertyDefinition(handle).GetAccessors() is var pair ? (pair.Getter, pair.Setter) : default;
            accessors.UnionWith([getter, setter]);
            if (IsVisible(getter) || IsVisible(setter))
                yield return Property(reader.GetPropertyDefinition(handle), getter, setter);
        }

        foreach (var handle in type.GetEvents())
        {
            var (adder, remover) = reader.GetEventDefinition(handle).GetAccessors() is var pair ? (pair.Adder, pair.Remover) : default;
            accessors.UnionWith([adder, remover]);
            if (IsVisible(adder))
                yield return Event(reader.GetEventDefinition(handle), adder);
        }

        foreach (var handle in type.GetMethods())
        {
            if (!accessors.Contains(handle) && IsVisible(handle) && reader.GetString(reader.GetMethodDefinition(handle).Name) is not ".cctor")
                yield return Method(reader.GetMethodDefinition(handle));
        }

        foreach (var handle in type.GetFields())
        {
            var field = reader.GetFieldDefinition(handle);
            if (Visibility.Of(field.Attributes).Length > 0)
                yield return Field(field);
        }
    }

    private bool IsVisible(MethodDefinitionHandle handle) => !handle.IsNil && Visibility.Of(reader.GetMethodDefinition(handle).Attributes).Length > 0;

    private ApiMember Method(MethodDefinition method)
    {
        var signature = method.DecodeSignature(names, null);
        var facts = Facts(method.GetCustomAttributes());
        facts["access"] = Visibility.Of(method.Attributes);
        facts["modifiers"] = Modifiers(method.Attributes);
        facts["returns"] = signature.ReturnType;
        facts["parameters"] = _parameters.Describe(method.GetParameters(), signature);
        facts["type parameters"] = _generics.Describe(method.GetGenericParameters());
        var arity = signature.GenericParameterCount > 0 ? $"`{signature.GenericParameterCount}" : "";
        return Member($"method {reader.GetString(method.Name)}{arity}({string.Join(", ", signature.ParameterTypes)})", method.Attributes, facts);
    }

    private ApiMember Property(PropertyDefinition property, MethodDefinitionHandle getter, MethodDefinitionHandle setter)
    {
        var signature = property.DecodeSignature(names, null);
        var one = reader.GetMethodDefinition(IsVisible(getter) ? getter : setter);
        var facts = Facts(property.GetCustomAttributes());
        facts["type"] = signature.ReturnType;
        facts["modifiers"] = Modifiers(one.Attributes);
        facts["get"] = IsVisible(getter) ? Visibility.Of(reader.GetMethodDefinition(getter).Attributes) : "";
        facts["set"] = "";
        if (IsVisible(setter))
        {
            var method = reader.GetMethodDefinition(setter);
            var isInit = method.DecodeSignature(names, null).ReturnType.Contains("IsExternalInit", StringComparison.Ordinal);
            facts["set"] = $"{Visibility.Of(method.Attributes)}{(isInit ? " init" : "")}";
        }

        if (signature.ParameterTypes.Length > 0 && IsVisible(getter))
            facts["parameters"] = _parameters.Describe(reader.GetMethodDefinition(getter).GetParameters(), signature);
        return Member($"property {reader.GetString(property.Name)}[{string.Join(", ", signature.ParameterTypes)}]", one.Attributes, facts);
    }

    private ApiMember Event(EventDefinition definition, MethodDefinitionHandle adder)
    {
        var method = reader.GetMethodDefinition(adder);
        var facts = Facts(definition.GetCustomAttributes());
        facts["type"] = names.Name(reader, definition.Type);
        facts["access"] = Visibility.Of(method.Attributes);
        facts["modifiers"] = Modifiers(method.Attributes);
        return Member($"event {reader.GetString(definition.Name)}", method.Attributes, facts);
    }

    private ApiMember Field(FieldDefinition field)
    {
        var isConstant = (field.Attributes & FieldAttributes.Literal) != 0;
        var facts = Facts(field.GetCustomAttributes());
        facts["access"] = Visibility.Of(field.Attributes);
        facts["type"] = field.DecodeSignature(names, null);
        facts["modifiers"] = isConstant ? "const" : string.Join(' ', ((string[])
        [
            (field.Attributes & FieldAttributes.Static) != 0 ? "static" : "",
            (field.Attributes & FieldAttributes.InitOnly) != 0 ? "readonly" : "",
        ]).Where(word => word.Length > 0));
        if (isConstant)
            facts["value"] = _parameters.Value(field.GetDefaultValue());
        return new ApiMember($"field {reader.GetString(field.Name)}", false, false, facts);
    }

    private SortedDictionary<string, string> Facts(CustomAttributeHandleCollection attributes) =>
        new(_attributes.Facts(attributes).Where(fact => fact.Key != "read-only").ToDictionary(), StringComparer.Ordinal);

    private static ApiMember Member(string id, MethodAttributes attributes, IReadOnlyDictionary<string, string> facts) =>
        new(id, (attributes & MethodAttributes.Abstract) != 0, facts["modifiers"].EndsWith("override", StringComparison.Ordinal), facts);

    private static string Modifiers(MethodAttributes attributes)
    {
        bool Is(MethodAttributes flag) => (attributes & flag) != 0;
        var how = (Is(MethodAttributes.Abstract), Is(MethodAttributes.Virtual), Is(MethodAttributes.NewSlot), Is(MethodAttributes.Final)) switch
        {
            (true, _, true, _) => "abstract",
            (true, _, false, _) => "abstract override",
            (_, true, true, false) => "virtual",
            (_, true, false, false) => "override",
            (_, true, false, true) => "sealed override",
            // A method that only implements an interface is virtual and final to the runtime, and plain to its users.
            _ => "",
        };
        return (Is(MethodAttributes.Static) ? "static " + how : how).Trim();
    }
}
